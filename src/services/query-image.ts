import { createHash, randomBytes } from 'node:crypto';
import { AppError, BadUserInputError, ImageError, ServiceUnavailableError } from '../errors.js';
import type { Observer } from '../observer.js';
import type { Region } from '../types.js';
import { checkRegion } from './clip/region.js';
import { decodeBase64 } from './images/decode-base64.js';
import { shownUrl } from './images/image-location.js';
import type { ImageSource } from './images/image-source.js';
import type { PhotographVectors } from './photograph-vectors.js';
import type { QueryImage, QueryImageStore } from './query-image-store.js';
import type { ServingModel } from './serving-model.js';

export type { QueryImage } from './query-image-store.js';

/** Where the photograph of a query image comes from. */
export type PhotographSource =
  | { kind: 'bytes'; bytes: Buffer }
  | { kind: 'url'; url: string }
  /** Plain, or a `data:` URL. */
  | { kind: 'base64'; text: string };

export interface CreateOptions {
  /** The part of the photograph to search with; null for the whole. */
  region: Region | null;
  signal?: AbortSignal;
}

export interface QueryImageServiceOptions {
  store: QueryImageStore;
  serving: Pick<ServingModel, 'encoder'>;
  source: Pick<ImageSource, 'read'>;
  photographs: PhotographVectors;
  /** Cap on the bytes of a photograph. */
  maxBytes: number;
  /** How long it can be searched with. */
  ttlSeconds: number;
  observer: Observer;
}

/** 128 bits: nobody finds the photograph of another one by trying. */
const ID_BYTES = 16;

const ID = /^[\w-]{22}$/;

/** Longer than any signed address of an object store. */
const MAX_URL_LENGTH = 8000;

/** Photographs that are fetched for strangers at the same time: each may take up the cap on bytes, and half a minute. */
const MAX_FETCHES = 16;

/** Photographs that are given once and searched with for a while, from any process. Of each only the vector is kept. */
export class QueryImageService {
  private fetching = 0;

  constructor(private readonly options: QueryImageServiceOptions) {}

  /**
   * Embeds a photograph with the model that serves now, and goes on to be answered by it.
   *
   * @throws BadUserInputError for a URL, base64 or region that is not accepted.
   * @throws ImageError where the photograph can't be had or read.
   * @throws ModelUnavailableError where there is no model.
   * @throws ServiceUnavailableError where the model is too busy, too many are being fetched, or the database is away.
   */
  async create(source: PhotographSource, { region, signal }: CreateOptions): Promise<QueryImage> {
    const { serving, photographs, store, ttlSeconds } = this.options;
    if (region !== null) checkRegion(region);
    const encoder = await serving.encoder();
    // What is fetched only to be refused keeps everybody waiting.
    if (source.kind === 'url') encoder.checkRoom();
    const bytes = await this.read(source, signal);
    const { fileHash, contentHash } = hashesOf(bytes, region);
    const seen = await photographs.get({ bytes, fileHash, region }, encoder, signal);
    const id = randomBytes(ID_BYTES).toString('base64url');
    return store.insert({ id, model: encoder.model, contentHash, ...seen }, ttlSeconds);
  }

  /** Null where there is none of that id, or it has expired. */
  async find(id: string): Promise<QueryImage | null> {
    return ID.test(id) ? this.options.store.find(id) : null;
  }

  private async read(source: PhotographSource, signal: AbortSignal | undefined): Promise<Buffer> {
    switch (source.kind) {
      case 'bytes':
        return source.bytes;
      case 'base64':
        return decodeBase64(source.text, { argument: 'input.base64', maxBytes: this.options.maxBytes });
      case 'url':
        return this.fetch(checkUrl(source.url), signal);
    }
  }

  private async fetch(url: string, signal: AbortSignal | undefined): Promise<Buffer> {
    if (this.fetching >= MAX_FETCHES) throw tooManyFetches();
    this.fetching += 1;
    try {
      const { source, observer } = this.options;
      // Somebody waits for the answer, and can ask again.
      const options = { maxAttempts: 1, ...(signal && { signal }) };
      return (await observer.time('receive', () => source.read(url, options))).bytes;
    } catch (error) {
      throw error instanceof ImageError && error.reason === 'BLOCKED_ADDRESS' ? blocked(error) : error;
    } finally {
      this.fetching -= 1;
    }
  }
}

function tooManyFetches(): ServiceUnavailableError {
  const message = `${MAX_FETCHES} photographs are being fetched for others already: try again in a moment.`;
  return new ServiceUnavailableError(message, { details: { retryAfterMs: 1000 } });
}

/** How an operator would allow it is nothing for a stranger. */
function blocked(cause: ImageError): ImageError {
  return new ImageError(
    'BLOCKED_ADDRESS',
    'Nothing is fetched from the host of `input.url`, because its address is private or reserved: upload the photograph instead.',
    { cause },
  );
}

/** The error for a query image that {@link QueryImageService.find} does not find. `argument` names where its id came. */
export function queryImageExpired(id: string, argument: string): AppError {
  const shown = id.length > 40 ? `${id.slice(0, 40)}…` : id;
  return new AppError(
    'QUERY_IMAGE_EXPIRED',
    `The query image "${shown}" has expired or does not exist: make a new one with createQueryImage.`,
    { details: { argument } },
  );
}

/** The catalogue's own addresses may be relative, and then lead to files. A stranger's must not. */
function checkUrl(given: string): string {
  const url = given.trim();
  if (url.length > MAX_URL_LENGTH) {
    const message = `\`input.url\` may have at most ${MAX_URL_LENGTH} characters, and has ${url.length}.`;
    throw new BadUserInputError('input.url', message);
  }
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return url;
  throw new BadUserInputError(
    'input.url',
    `\`input.url\` must be an absolute address that begins with http:// or https://, and "${shownUrl(url)}" is none.`,
  );
}

/** A part of a photograph is another picture than the whole, so its `contentHash` must not pass for that of the same file. */
function hashesOf(bytes: Buffer, region: Region | null): { fileHash: string; contentHash: string } {
  const hash = createHash('sha256').update(bytes);
  const fileHash = hash.copy().digest('hex');
  if (region !== null) hash.update(JSON.stringify([region.x, region.y, region.width, region.height]));
  return { fileHash, contentHash: hash.digest('hex') };
}
