import { readFile } from 'node:fs/promises';
import type { Config } from '../config.js';
import { startCore, type Core } from '../core.js';
import { BadUserInputError } from '../errors.js';
import { makeRequestLoaders } from '../services/request-loaders.js';
import { wholeRanking } from '../services/search-request.js';
import type { SearchResult, SimilarProduct } from '../services/search.js';
import type { QuestionPicture } from '../services/words-question.js';
import { formatTable } from './format-table.js';
import { withClosers } from './with-closers.js';

/** What `lookalike search` looks for: a photograph (a file or an address), words, or both. */
export interface SearchCommandRequest {
  photo: string | null;
  text: string | null;
  limit: number;
}

/** `lookalike search`: prints the products that look like a photograph, like words, or like both. */
export async function searchCommand(config: Config, request: SearchCommandRequest): Promise<void> {
  if (request.photo === null && request.text === null) throw nothingToLookFor();
  await withClosers(config, startCore, async (core) => {
    const { matches } = await search(core, request);
    if (matches.length === 0) console.log('Nothing is embedded yet: run `lookalike backfill` first.');
    else console.log(formatTable(['similarity', 'id', 'title', 'price', 'url'], matches.map(toRow)));
  });
}

async function search(core: Core, { photo, text, limit }: SearchCommandRequest): Promise<SearchResult> {
  const context = { loaders: makeRequestLoaders({ ...core, embeddings: core.stores.embeddings }) };
  const bytes = photo === null ? null : await readPhotograph(core, photo);
  if (bytes !== null && text === null) {
    return core.search.byPhotograph({ bytes, region: null }, wholeRanking(limit), context);
  }
  const images = bytes === null ? [] : [await toPicture(core, bytes)];
  const question = { text, images, unlike: [], weights: { text: 1, images: 1, unlike: 1 } };
  return core.search.byWords(question, wholeRanking(limit), context);
}

async function toPicture(core: Core, bytes: Buffer): Promise<QuestionPicture> {
  const { id } = await core.queryImages.create({ kind: 'bytes', bytes }, { region: null });
  return { kind: 'queryImage', id };
}

async function readPhotograph(core: Core, photo: string): Promise<Buffer> {
  if (/^https?:\/\//i.test(photo)) return (await core.source.read(photo)).bytes;
  try {
    return await readFile(photo);
  } catch (cause) {
    throw new BadUserInputError('photo', `The file "${photo}" can't be read.`, { cause });
  }
}

function nothingToLookFor(): BadUserInputError {
  return new BadUserInputError(
    'photo',
    'Give a photograph, words with --text, or both: what should products look like?',
  );
}

function toRow({ product, similarity }: SimilarProduct): string[] {
  const price = product.price === null ? '' : `${product.price.toFixed(2)} ${product.currency ?? ''}`.trim();
  return [similarity.toFixed(3), product.id, product.title, price, product.url ?? ''];
}
