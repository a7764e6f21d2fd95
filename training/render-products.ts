import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { DemoKind } from '../demo/demo-kind.js';
import { DEMO_KINDS } from '../demo/demo-kinds.js';
import type { DemoDesign } from '../demo/demo-products.js';
import { MATERIALS } from '../demo/materials.js';
import { accentsOf } from '../demo/palette.js';
import { renderDemoImage } from '../demo/render-demo-image.js';
import { SeededRandom } from '../demo/seeded-random.js';

/**
 * Draws products that the demo's catalogue does not have, with what there is to say about each, for the training of the
 * small CLIP:
 *
 *     npx tsx training/render-products.ts FOLDER [PRODUCTS_PER_KIND]
 */

/** What a line of `products.jsonl` says of one picture. */
interface RenderedProduct extends DemoDesign {
  /** Relative to the folder. */
  file: string;
  kind: string;
}

/** Ids from here on: poses and prints come of them, and the demo's own are far below. */
const FIRST_ID = 1_000_000;

/** Side of a stored picture in pixels; a crop of it is what the training looks at. */
const SIDE = 160;

const AT_A_TIME = 3;

const [folder, perKind = '400'] = process.argv.slice(2);
if (folder === undefined || !/^\d+$/.test(perKind)) {
  throw new Error('Usage: npx tsx training/render-products.ts FOLDER [PRODUCTS_PER_KIND]');
}
await renderProducts(folder, Number(perKind));

async function renderProducts(target: string, count: number): Promise<void> {
  await mkdir(target, { recursive: true });
  const pictures = Array.from({ length: count }, (_, round) =>
    DEMO_KINDS.map((kind, index) => ({ kind, id: FIRST_ID + round * DEMO_KINDS.length + index })),
  ).flat();
  const queue = [...pictures];
  const lines = new Map<number, RenderedProduct>();
  const draw = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      lines.set(next.id, await renderProduct(target, next));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, draw));
  const text = pictures.map(({ id }) => `${JSON.stringify(lines.get(id))}\n`).join('');
  await writeFile(join(target, 'products.jsonl'), text);
}

/** Every second product is seen from the demo's other angle. */
async function renderProduct(target: string, { kind, id }: { kind: DemoKind; id: number }): Promise<RenderedProduct> {
  const design = randomDesign(kind, new SeededRandom(id));
  const view = 1 + (Math.floor(id / DEMO_KINDS.length) % 2);
  const picture = await renderDemoImage({ id, category: kind.name, design }, { view });
  const file = `${id}.jpg`;
  await sharp(picture).resize(SIDE, SIDE, { kernel: 'cubic' }).jpeg({ quality: 92 }).toFile(join(target, file));
  return { file, kind: kind.name, ...design };
}

function randomDesign(kind: DemoKind, random: SeededRandom): DemoDesign {
  const shape = random.pick(kind.shapes);
  const material = random.pick(shape.materials);
  const available = kind.colours.filter((colour) => MATERIALS[material].colours.includes(colour));
  const colour = random.pick(available.length > 0 ? available : MATERIALS[material].colours);
  return {
    shape: shape.noun,
    colour,
    accent: random.pick(accentsOf(colour)),
    pattern: random.pick(shape.patterns),
    material,
  };
}
