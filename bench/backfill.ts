/**
 * How fast a backfill is from its start to its end, beside what the machine could do at most: `npm run bench -- backfill`.
 *
 *   --model vit        ViT-B/32's shape with random weights, or `tiny`, the model that comes with the project
 *   --images 120       of a run, 1000 with `tiny`: JPEGs with sides of 800 to 1200 pixels that come over HTTP
 *   --photographs 24   that differ in what they show
 *   --rounds 5         the sides take turns
 *
 * - bare: the model alone in onnxruntime on the same cores, with the number of threads and of images a batch that are fastest here.
 * - sharp: decoding and scaling alone, on all cores.
 * - a loop of transformers.js that downloads, embeds and inserts one image after the other.
 *
 * The host of the images, both databases and the server share the machine; only the first is a process of its own.
 */
import { parseArgs } from 'node:util';
import { bundledModelFolder } from '../src/services/clip/clip-models.js';
import { bareModel } from './bare-model.js';
import { openBackfillShop } from './backfill-shop.js';
import { openPlainLoop } from './plain-loop.js';
import { report } from './report.js';
import { sharpAlone } from './sharp-alone.js';
import { ratioOf, sideBySide, spreadOf } from './side-by-side.js';
import { vitB32Folder } from './vit-model.js';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'vit' },
    images: { type: 'string' },
    photographs: { type: 'string', default: '24' },
    rounds: { type: 'string', default: '5' },
  },
});

const isVit = values.model === 'vit';
const folder = isVit ? await vitB32Folder() : bundledModelFolder;
const images = Number(values.images ?? (isVit ? 120 : 1000));
const rounds = Number(values.rounds);

const shop = await openBackfillShop({
  model: isVit ? folder : 'tiny-clip',
  images,
  photographs: Number(values.photographs),
});
const bare = await bareModel(folder, images);
const loop = await openPlainLoop(folder, shop.imageUrls);
const measured = await sideBySide(
  {
    backfill: () => shop.backfill(),
    bare: () => bare.perSecond(),
    sharp: () => sharpAlone(shop.photographs, { images, folder }),
    loop: () => loop.perSecond(),
  },
  rounds,
);
await loop.close();
await bare.close();
await shop.close();

const bound = measured.bare.map((speed, round) => Math.min(speed, measured.sharp[round] ?? Infinity));
const perSecond = (side: readonly number[]) => spreadOf(side).median.toFixed(1);
const name = isVit ? 'ViT-B/32' : 'tiny-clip';
await report(`backfill-${values.model}`, rounds, [
  {
    what: `${name}: backfill / ${isVit ? 'bare model' : 'least of bare model and sharp'}`,
    value: ratioOf(measured.backfill, isVit ? measured.bare : bound),
    unit: 'of the images/s',
    goal: { atLeast: isVit ? 0.9 : 0.8 },
    beside:
      `${perSecond(measured.backfill)} / bare ${perSecond(measured.bare)} (${bare.settings}), ` +
      `sharp ${perSecond(measured.sharp)}`,
  },
  {
    what: `${name}: backfill / one by one in transformers.js`,
    value: ratioOf(measured.backfill, measured.loop),
    unit: 'of the images/s',
    goal: { atLeast: isVit ? 1.5 : 5 },
    beside: `${perSecond(measured.backfill)} / ${perSecond(measured.loop)}`,
  },
]);
