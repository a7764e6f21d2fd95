import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../src/errors.js';
import type { Log } from '../src/log.js';
import { demoFingerprint } from './demo-fingerprint.js';
import { makeDemoProducts, type DemoImage, type DemoProduct } from './demo-products.js';
import { renderDemoImage } from './render-demo-image.js';

export interface RenderDemoOptions {
  /** Folder that the pictures' paths are relative to. */
  imageDir: string;
  log: Log;
  signal: AbortSignal;
  products?: readonly DemoProduct[];
}

/** Pictures drawn at the same time: sharp has four threads of its own, and one keeps the event loop free. */
const AT_A_TIME = 3;

/** Pictures between two lines of the log. */
const LOG_EVERY = 100;

/** Says which demo the folder's pictures are of. */
const MARKER = 'demo-fingerprint.txt';

/**
 * Draws the demo's pictures that are not there yet; those of another release's demo are thrown away first. A picture
 * appears when it is whole, so that a kill at any moment leaves nothing to mend.
 *
 * @throws The signal's reason once it is aborted.
 * @throws AppError CONFLICT where the folder holds something else.
 */
export async function renderDemoImages(options: RenderDemoOptions): Promise<void> {
  const { imageDir, log, products = makeDemoProducts() } = options;
  await startFolder(imageDir, demoFingerprint(products));
  const missing = products
    .flatMap((product) => product.images.map((image) => ({ product, image })))
    .filter(({ image }) => !existsSync(join(imageDir, image.path)));
  if (missing.length === 0) return;
  log.info({ total: missing.length }, 'drawing the pictures of the demo');
  const total = missing.length;
  let done = 0;
  const draw = async (): Promise<void> => {
    for (let next = missing.shift(); next !== undefined; next = missing.shift()) {
      options.signal.throwIfAborted();
      await drawInto(imageDir, next);
      done += 1;
      if (done % LOG_EVERY === 0) log.info({ done, total }, 'drawing the pictures of the demo');
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, draw));
  log.info({ total }, 'drew the pictures of the demo');
}

/** Empties the folder where it holds another release's demo. What is not the demo's is never touched. */
async function startFolder(imageDir: string, fingerprint: string): Promise<void> {
  const marker = join(imageDir, MARKER);
  const found = existsSync(marker) ? await readFile(marker, 'utf8') : null;
  if (found === fingerprint) return;
  const isForeign = found === null && existsSync(imageDir) && (await readdir(imageDir)).length > 0;
  if (isForeign) throw folderTaken();
  await rm(imageDir, { recursive: true, force: true });
  await mkdir(imageDir, { recursive: true });
  await writeFile(marker, fingerprint);
}

function folderTaken(): AppError {
  const message = 'The folder "demo" in DATA_DIR holds something that is not the demo: set DATA_DIR to another folder.';
  return new AppError('CONFLICT', message, { logLevel: 'error' });
}

async function drawInto(imageDir: string, picture: { product: DemoProduct; image: DemoImage }): Promise<void> {
  const path = join(imageDir, picture.image.path);
  await mkdir(dirname(path), { recursive: true });
  // Another process may draw the same picture at the same time.
  const draft = `${path}.${randomUUID()}.part`;
  await writeFile(draft, await renderDemoImage(picture.product, picture.image));
  await rename(draft, path);
}
