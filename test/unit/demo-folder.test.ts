import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDemoProducts, type DemoProduct } from '../../demo/demo-products.js';
import { renderDemoImage } from '../../demo/render-demo-image.js';
import { renderDemoImages } from '../../demo/render-demo-images.js';
import { silentLog } from '../support/silent-log.js';

/** Four products with five pictures. */
const products = makeDemoProducts().slice(0, 4);
const paths = products.flatMap(({ images }) => images.map(({ path }) => path));

let imageDir: string;

beforeEach(async () => {
  imageDir = join(await mkdtemp(join(tmpdir(), 'lookalike-demo-')), 'images');
});

afterEach(async () => {
  await rm(join(imageDir, '..'), { recursive: true });
});

async function render(of: readonly DemoProduct[] = products, signal = new AbortController().signal): Promise<void> {
  await renderDemoImages({ imageDir, log: silentLog, signal, products: of });
}

async function picturesThere(): Promise<string[]> {
  const entries = await readdir(imageDir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return files.map((file) => file.slice(imageDir.length + 1)).filter((file) => !file.endsWith('.txt'));
}

async function changedAt(path: string): Promise<bigint> {
  const { mtimeNs } = await stat(join(imageDir, path), { bigint: true });
  return mtimeNs;
}

describe('the folder of the demo', () => {
  it('holds every picture under its path, whole and without leftovers', async () => {
    await render();
    expect((await picturesThere()).sort()).toEqual([...paths].sort());
    for (const product of products) {
      for (const image of product.images) {
        const picture = await readFile(join(imageDir, image.path));
        expect(picture.equals(await renderDemoImage(product, image))).toBe(true);
      }
    }
  });

  it('keeps the pictures that are there and gets only those that are missing', async () => {
    await render();
    const [missing = '', kept = ''] = paths;
    await rm(join(imageDir, missing));
    const before = await changedAt(kept);
    await render();
    expect((await picturesThere()).sort()).toEqual([...paths].sort());
    expect(await changedAt(kept)).toBe(before);
  });

  it('is not touched where it holds something else', async () => {
    await mkdir(imageDir);
    await writeFile(join(imageDir, 'mine.jpg'), "a shop's own");
    await expect(render()).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'The folder "demo" in DATA_DIR holds something that is not the demo: set DATA_DIR to another folder.',
    });
    expect(await readFile(join(imageDir, 'mine.jpg'), 'utf8')).toBe("a shop's own");
  });

  it('may be drawn into by two at once', async () => {
    await render();
    await rm(join(imageDir, paths[0] ?? ''));
    await Promise.all([render(), render()]);
    expect((await picturesThere()).sort()).toEqual([...paths].sort());
  });

  it('is emptied of the pictures of another demo', async () => {
    await render();
    const [first, ...others] = products.map((product) => ({ ...product, title: `New ${product.title}` }));
    const before = await changedAt(first?.images[0]?.path ?? '');
    await render(first ? [first] : others);
    expect(await picturesThere()).toEqual(first?.images.map(({ path }) => path));
    expect(await changedAt(first?.images[0]?.path ?? '')).not.toBe(before);
  });

  it('gets no further picture once the signal is aborted', async () => {
    const reason = new Error('The server stops.');
    await expect(render(products, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(await picturesThere()).toEqual([]);
  });
});
