import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
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

/** The standard deviation of the channel that varies most, of 255; a wall alone has about 3. */
async function contrastInTheMiddle(product: DemoProduct): Promise<{ title: string; contrast: number }> {
  const picture = sharp(await renderDemoImage(product, viewOf(product, 1)));
  const { channels } = await picture.extract({ left: 160, top: 160, width: 320, height: 320 }).stats();
  return { title: product.title, contrast: Math.max(...channels.map(({ stdev }) => stdev)) };
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

  it('shows something in the middle that differs from the wall behind it, whatever its shape', async () => {
    const ofEachShape = new Map(products.map((product) => [product.category + product.design.shape, product]));
    const contrasts = await Promise.all([...ofEachShape.values()].map(contrastInTheMiddle));
    expect(contrasts.filter(({ contrast }) => contrast < 12)).toEqual([]);
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
