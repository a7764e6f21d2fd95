import { readFile } from 'node:fs/promises';
import type { Config } from '../config.js';
import { startCore, type Core } from '../core.js';
import { BadUserInputError } from '../errors.js';
import type { SimilarProduct } from '../services/search.js';
import { formatTable } from './format-table.js';
import { withClosers } from './with-closers.js';

/** `lookalike search`: prints the products that look like a photograph. */
export async function searchCommand(config: Config, request: { photo: string; limit: number }): Promise<void> {
  await withClosers(config, startCore, async (core) => {
    const photograph = await readPhotograph(core, request.photo);
    const { matches } = await core.search.byPhotograph(photograph, { limit: request.limit, minSimilarity: null });
    if (matches.length === 0) console.log('Nothing is embedded yet: run `lookalike backfill` first.');
    else console.log(formatTable(['similarity', 'id', 'title', 'price', 'url'], matches.map(toRow)));
  });
}

async function readPhotograph(core: Core, photo: string): Promise<Buffer> {
  if (/^https?:\/\//i.test(photo)) return (await core.source.read(photo)).bytes;
  try {
    return await readFile(photo);
  } catch (cause) {
    throw new BadUserInputError('photo', `The file "${photo}" can't be read.`, { cause });
  }
}

function toRow({ product, similarity }: SimilarProduct): string[] {
  const price = product.price === null ? '' : `${product.price.toFixed(2)} ${product.currency ?? ''}`.trim();
  return [similarity.toFixed(3), product.id, product.title, price, product.url ?? ''];
}
