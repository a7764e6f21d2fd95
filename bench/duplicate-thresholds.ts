/**
 * How far apart a model puts the same picture and other pictures: `npm run bench -- duplicate-thresholds <folder>...`, where
 * the folders hold photographs of products (JPEG files, searched through to the bottom). From its figures come the
 * thresholds in src/services/match-kind.ts. `CLIP_MODEL` names the model; tiny-clip by default.
 *
 * Each of a sample of photographs is changed as pictures are on their way into a shop, and compared with itself. Each of all
 * is compared with the other one that is most like it, which should stay below the thresholds unless it is of the same
 * product: `--pairs 50` prints the 50 most alike, to be looked at.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { formatTable } from '../src/cli/format-table.js';
import { loadConfig } from '../src/config.js';
import { startClipEncoder } from '../src/services/clip/clip-encoder.js';
import { preprocessPhotograph } from '../src/services/clip/preprocess.js';
import { matchKindThresholds } from '../src/services/match-kind.js';
import { silentLog } from '../test/support/silent-log.js';
import { PICTURE_CHANGES } from './changed-pictures.js';
import { mapAtOnce } from './map-at-once.js';
import { quantile } from './quantile.js';

const { values, positionals } = parseArgs({
  options: { sample: { type: 'string', default: '600' }, pairs: { type: 'string', default: '0' } },
  allowPositionals: true,
});

interface Embedded {
  path: string;
  vector: Float32Array;
}

/** Photographs that are encoded at the same time: enough to keep the model busy. */
const AT_ONCE = 8;

const config = loadConfig({ CLIP_MODEL: 'tiny-clip', ...process.env });
const encoder = await startClipEncoder({ config: config.clip, log: silentLog });
const photographs = await embedFolders(positionals);
console.log(`${encoder.model.name}: ${photographs.length} photographs`);
const changed = await compareChanged(everyNth(photographs, Number(values.sample)));
const others = nearestOthers(photographs, () => true);
const elsewhere = nearestOthers(photographs, (one, other) => dirname(one) !== dirname(other));
printChanged(changed);
printOthers([
  ['the nearest', others],
  ['the nearest in another folder', elsewhere],
]);
printThresholds(changed, others);
for (const { one, other, similarity } of others.slice(0, Number(values.pairs))) {
  console.log(`${similarity.toFixed(4)}  ${one}  ${other}`);
}
await encoder.close();

/** Every photograph below the folders, each content once. */
async function embedFolders(folders: readonly string[]): Promise<Embedded[]> {
  const paths = (await Promise.all(folders.map(jpegsBelow))).flat().toSorted();
  const hashes = new Set<string>();
  const distinct: string[] = [];
  for (const path of paths) {
    const hash = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    if (!hashes.has(hash)) distinct.push(path);
    hashes.add(hash);
  }
  return mapAtOnce(distinct, AT_ONCE, async (path) => ({ path, vector: await embed(await readFile(path)) }));
}

async function jpegsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && /\.jpe?g$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

async function embed(photograph: Buffer): Promise<Float32Array> {
  const { maxPixels } = config.images;
  const { pixels } = await preprocessPhotograph(photograph, encoder.preprocessing, { maxPixels });
  return encoder.encode(pixels, { priority: 'backfill' });
}

/** By change, the similarity of each photograph with itself after it, least first. */
async function compareChanged(sample: readonly Embedded[]): Promise<Map<string, number[]>> {
  const changed = new Map<string, number[]>();
  for (const { name, apply } of PICTURE_CHANGES) {
    const similarities = await mapAtOnce(sample, AT_ONCE, async ({ path, vector }) =>
      innerProduct(vector, await embed(await apply(await readFile(path)))),
    );
    changed.set(
      name,
      similarities.toSorted((one, other) => one - other),
    );
  }
  return changed;
}

interface Pair {
  one: string;
  other: string;
  similarity: number;
}

/** Of each photograph the one that is most like it, among those that count; most alike first. */
function nearestOthers(all: readonly Embedded[], counts: (one: string, other: string) => boolean): Pair[] {
  const best = all.map(({ path }) => ({ one: path, other: '', similarity: -1 }));
  all.forEach(({ vector }, index) => {
    for (let other = index + 1; other < all.length; other += 1) {
      const similarity = innerProduct(vector, all[other]?.vector ?? vector);
      for (const [at, to] of [
        [index, other],
        [other, index],
      ] as const) {
        const known = best[at];
        const path = all[to]?.path ?? '';
        if (known === undefined || known.similarity >= similarity || !counts(known.one, path)) continue;
        known.similarity = similarity;
        known.other = path;
      }
    }
  });
  return best.toSorted((one, other) => other.similarity - one.similarity);
}

function printChanged(changed: ReadonlyMap<string, number[]>): void {
  const at = [0, 0.01, 0.05, 0.5];
  const rows = [...changed].map(([name, similarities]) => [name, ...at.map((share) => shown(similarities, share))]);
  console.log(formatTable(['the same picture', 'least', '1 %', '5 %', 'median'], rows));
}

function printOthers(others: readonly [name: string, pairs: readonly Pair[]][]): void {
  const rows = others.map(([name, pairs]) => {
    const nearest = pairs.map(({ similarity }) => similarity).toReversed();
    return [name, ...[0.5, 0.95, 0.99, 0.999, 1].map((share) => shown(nearest, share))];
  });
  console.log('');
  console.log(formatTable(['another picture', 'median', '95 %', '99 %', '99.9 %', 'most'], rows));
}

function shown(ascending: readonly number[], share: number): string {
  return quantile(ascending, share).toFixed(4);
}

/** What each threshold would find, and what it would take for the same though it is another picture. */
function printThresholds(changed: ReadonlyMap<string, number[]>, others: readonly Pair[]): void {
  const isSame = new Map(PICTURE_CHANGES.map((change) => [change.name, change.isSame]));
  const found = (kind: boolean, threshold: number) => {
    const all = [...changed].filter(([name]) => isSame.get(name) === kind).flatMap(([, similarities]) => similarities);
    return percent(all.filter((similarity) => similarity >= threshold).length / all.length);
  };
  const rows = [0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.975, 0.98, 0.985, 0.99, 0.993, 0.995, 0.998].map((threshold) => [
    String(threshold),
    found(true, threshold),
    found(false, threshold),
    percent(others.filter(({ similarity }) => similarity >= threshold).length / others.length),
  ]);
  const { sameImage, nearDuplicate } = matchKindThresholds(encoder.model.name);
  console.log('');
  console.log(formatTable(['from', 'encoded anew or resized', 'trimmed or brightened', 'another picture'], rows));
  console.log(`Now: the same image from ${sameImage}, a near duplicate from ${nearDuplicate}.`);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

function innerProduct(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += (one[index] ?? 0) * (other[index] ?? 0);
  return sum;
}

function everyNth<Item>(items: readonly Item[], count: number): Item[] {
  const step = Math.max(1, Math.floor(items.length / count));
  return items.filter((_, index) => index % step === 0).slice(0, count);
}
