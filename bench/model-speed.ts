/**
 * How many pictures models encode in a second on one thread, each beside the first: `npm run bench -- model-speed
 * <model>...`; tiny-clip by default. Decoding and scaling are not in it.
 *
 *   --pictures 200    of each model, in batches as a backfill has them
 *   --rounds 3        the models take turns, and the median counts
 */
import { parseArgs } from 'node:util';
import { formatTable } from '../src/cli/format-table.js';
import { loadConfig } from '../src/config.js';
import { startClipEncoder } from '../src/services/clip/clip-encoder.js';
import type { ClipEncoder } from '../src/services/clip/image-encoder.js';
import { noisePixels } from '../test/support/noise-pixels.js';
import { silentLog } from '../test/support/silent-log.js';
import { mapAtOnce } from './map-at-once.js';
import { quantile } from './quantile.js';

const { values, positionals } = parseArgs({
  options: { pictures: { type: 'string', default: '200' }, rounds: { type: 'string', default: '3' } },
  allowPositionals: true,
});

/** Twice as many as a batch holds on a CPU, so that the next one is full when one is done. */
const AT_ONCE = 8;

const encoders: ClipEncoder[] = [];
for (const model of positionals.length > 0 ? positionals : ['tiny-clip']) {
  const config = loadConfig({ ...process.env, CLIP_MODEL: model, CLIP_THREADS: '1', CLIP_DEVICE: 'cpu' });
  encoders.push(await startClipEncoder({ config: config.clip, log: silentLog }));
}
const speeds = new Map<ClipEncoder, number[]>(encoders.map((encoder) => [encoder, []]));
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const encoder of encoders) speeds.get(encoder)?.push(await picturesPerSecond(encoder));
}
const medians = encoders.map((encoder) => quantile((speeds.get(encoder) ?? []).toSorted(ascending), 0.5));
const rows = encoders.map((encoder, index) => {
  const median = medians[index] ?? NaN;
  return [encoder.model.name, median.toFixed(1), (median / (medians[0] ?? NaN)).toFixed(3)];
});
console.log(formatTable(['model', 'pictures/s on one thread', 'of the first'], rows));
for (const encoder of encoders) await encoder.close();

async function picturesPerSecond(encoder: ClipEncoder): Promise<number> {
  const pictures = Array.from({ length: Number(values.pictures) }, (_, seed) => noisePixels(encoder, seed));
  const startedMs = performance.now();
  await mapAtOnce(pictures, AT_ONCE, (pixels) => encoder.encode(pixels, { priority: 'backfill' }));
  return (pictures.length / (performance.now() - startedMs)) * 1000;
}

function ascending(one: number, other: number): number {
  return one - other;
}
