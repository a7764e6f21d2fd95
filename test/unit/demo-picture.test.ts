import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { DemoKind } from '../../demo/demo-kind.js';
import { DEMO_KINDS } from '../../demo/demo-kinds.js';
import { makeDemoProducts, type DemoImage, type DemoProduct } from '../../demo/demo-products.js';
import { renderDemoImage } from '../../demo/render-demo-image.js';

const products = makeDemoProducts();
const [mug] = products;
if (mug === undefined) throw new Error('The demo has no products.');

function viewOf(product: DemoProduct, view: number): DemoImage {
  const image = product.images.find((candidate) => candidate.view === view);
  if (image === undefined) throw new Error(`Product ${product.id} has no view ${view}.`);
  return image;
}

async function fingerprint(product: DemoProduct, view = 1): Promise<string> {
  const picture = await renderDemoImage(product, viewOf(product, view));
  return createHash('sha256').update(picture).digest('hex');
}

/** One product of a kind in each of its shapes, in the same place and the same colours; 64 x 64 grey pixels each. */
async function eachShapeOf(kind: DemoKind): Promise<Buffer[]> {
  const product = products.find(({ category }) => category === kind.name);
  if (product === undefined) throw new Error(`The demo has no ${kind.name}.`);
  return Promise.all(
    kind.shapes.map(async ({ noun }) => {
      const design = { ...product.design, shape: noun };
      const picture = await renderDemoImage({ ...product, design }, viewOf(product, 1));
      return sharp(picture).resize(64, 64).greyscale().raw().toBuffer();
    }),
  );
}

/** Mean difference of two pictures' pixels, of 255. */
function difference(one: Buffer, other: Buffer): number {
  return one.reduce((sum, value, index) => sum + Math.abs(value - (other[index] ?? 0)), 0) / one.length;
}

describe('a picture of the demo', () => {
  it('is a JPEG of 640 by 640 pixels in colour', async () => {
    const picture = await renderDemoImage(mug, viewOf(mug, 1));
    const { format, width, height, channels } = await sharp(picture).metadata();
    expect({ format, width, height, channels }).toEqual({ format: 'jpeg', width: 640, height: 640, channels: 3 });
  });

  it('has the same bytes each time', async () => {
    expect(await fingerprint(mug)).toBe(await fingerprint(mug));
  });

  it.each(DEMO_KINDS)('shows each shape of $name unlike the others', async (kind) => {
    const pictures = await eachShapeOf(kind);
    for (const [index, picture] of pictures.entries()) {
      const closest = Math.min(
        ...pictures.filter((_, other) => other !== index).map((other) => difference(picture, other)),
      );
      expect(closest, kind.shapes[index]?.noun).toBeGreaterThan(0.5);
    }
  });

  it('differs from that of every other product on the first pages', async () => {
    const first = products.slice(0, 3 * DEMO_KINDS.length);
    const prints = await Promise.all(first.map(async (product) => fingerprint(product)));
    expect(new Set(prints).size).toBe(first.length);
  });

  it('differs between two views of a product', async () => {
    const product = products.find(({ images }) => images.length === 2);
    if (product === undefined) throw new Error('No product of the demo has two views.');
    expect(await fingerprint(product, 1)).not.toBe(await fingerprint(product, 2));
  });
});

describe('a picture of something that the demo does not have', () => {
  it('is refused for a kind', async () => {
    await expect(renderDemoImage({ ...mug, category: 'Teapots' }, viewOf(mug, 1))).rejects.toThrow(
      new RangeError('The demo has no kind called Teapots.'),
    );
  });

  it('is refused for a shape', async () => {
    const design = { ...mug.design, shape: 'teapot' };
    await expect(renderDemoImage({ ...mug, design }, viewOf(mug, 1))).rejects.toThrow(
      new RangeError('Mugs have no shape called teapot.'),
    );
  });
});
