/**
 * What it takes to make of a JPEG what ViT-B/32 sees, beside transformers.js doing the same: `npm run bench -- preprocessing`.
 *
 *   --rounds 5       the two take turns
 *   --pictures 20    in a round of small ones; a tenth of them, but two at least, of large ones
 *   --sizes 350x263,3000x2000
 *
 * One picture after another, from the bytes of the file to the numbers that go into the model. transformers.js decodes with the same
 * sharp as Lookalike.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { AutoImageProcessor, RawImage } from '@xenova/transformers';
import { SeededRandom } from '../demo/seeded-random.js';
import { PixelNormaliser } from '../src/services/clip/pixel-normaliser.js';
import { preprocessPhotograph } from '../src/services/clip/preprocess.js';
import { readPreprocessingSpec } from '../src/services/clip/preprocessing-spec.js';
import { drawPhotograph } from './drawn-photograph.js';
import { report, type Figure } from './report.js';
import { ratioOf, sideBySide, spreadOf } from './side-by-side.js';
import { writeVitConfig } from './vit-model.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    pictures: { type: 'string', default: '20' },
    sizes: { type: 'string', default: '350x263,3000x2000' },
  },
});

/** Above this, a picture is a large one. */
const LARGE_PIXELS = 1_000_000;

const LARGEST = { maxPixels: 40_000_000 };

const folder = await mkdtemp(join(tmpdir(), 'lookalike-bench-'));
await writeVitConfig(folder);
const settings: unknown = JSON.parse(await readFile(join(folder, 'preprocessor_config.json'), 'utf8'));
const spec = readPreprocessingSpec(settings, 'ViT-B/32');
const normaliser = new PixelNormaliser(spec, 1);
const processor = await AutoImageProcessor.from_pretrained(folder, { local_files_only: true });
const random = new SeededRandom(1);
const figures: Figure[] = [];
for (const size of values.sizes.split(',')) figures.push(await measure(size));
await rm(folder, { recursive: true });
await report('preprocessing', Number(values.rounds), figures);

async function measure(size: string): Promise<Figure> {
  const [width = 0, height = 0] = size.split('x').map(Number);
  const isLarge = width * height > LARGE_PIXELS;
  const count = isLarge ? Math.max(2, Math.round(Number(values.pictures) / 10)) : Number(values.pictures);
  const pictures = await Promise.all(Array.from({ length: count }, () => drawPhotograph(random, { width, height })));
  const { ours, theirs } = await sideBySide(
    { ours: () => perPicture(pictures, lookalike), theirs: () => perPicture(pictures, transformers) },
    Number(values.rounds),
  );
  return {
    what: `${size}: Lookalike / transformers.js`,
    value: ratioOf(ours, theirs),
    unit: 'of the ms',
    goal: { atMost: isLarge ? 0.2 : 0.45 },
    beside: `${spreadOf(ours).median.toFixed(2)} ms / ${spreadOf(theirs).median.toFixed(2)} ms a picture`,
  };
}

/** Milliseconds. */
async function perPicture(pictures: readonly Buffer[], work: (jpeg: Buffer) => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  for (const jpeg of pictures) await work(jpeg);
  return (performance.now() - startedMs) / pictures.length;
}

async function lookalike(jpeg: Buffer): Promise<unknown> {
  const { pixels } = await preprocessPhotograph(jpeg, spec, LARGEST);
  return normaliser.normalise({ count: 1, pixels: pixels.data });
}

async function transformers(jpeg: Buffer): Promise<unknown> {
  const image = await RawImage.fromBlob(new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' }));
  return (processor as unknown as (image: RawImage) => Promise<unknown>)(image);
}
