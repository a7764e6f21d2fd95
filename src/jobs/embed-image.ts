import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, ImageError } from '../errors.js';
import type { Log } from '../log.js';
import type { Observer } from '../observer.js';
import type { StageSums } from '../services/backfill-run.js';
import type { ImageEncoder } from '../services/clip/image-encoder.js';
import { preprocessPhotograph } from '../services/clip/preprocess.js';
import { RETRY_DELAY_MS, waitBeforeRetry } from '../services/images/fetch-photograph.js';
import { hostOf, type FetchedPhotograph, type ImageSource, type Validators } from '../services/images/image-source.js';
import type { StoredEmbedding } from '../services/vector/embedding-row.js';
import type { CatalogImage, Pixels } from '../types.js';
import { DownloadSlots, type DownloadOutcome, type DownloadSlot } from './download-slots.js';

/**
 * What became of an image: a vector of length `model.dimensions`; the word that its photograph is the one that was embedded;
 * or the reason why there is no vector.
 */
export type ImageOutcome =
  | {
      kind: 'embedded';
      image: CatalogImage;
      vector: Float32Array;
      contentHash: string;
      validators: Validators;
      times: StageSums;
    }
  | { kind: 'unchanged'; image: CatalogImage; validators: Validators }
  | { kind: 'failed'; image: CatalogImage; error: ImageError; attempts: number };

export interface ImageEmbedderOptions {
  source: ImageSource;
  encoder: ImageEncoder;
  /** Cap on width times height of a photograph. */
  maxPixels: number;
  /** Shared by all embedders of the process: hosts do not care for which model their photographs are. */
  slots: DownloadSlots;
  /** Attempts at a photograph that may come later, the first one included. */
  maxAttempts: number;
  observer: Observer;
  log: Log;
}

export interface EmbedRequest {
  image: CatalogImage;
  /** What is stored of it, where it need not be embedded again if its photograph is still that one; else null. */
  stored: StoredEmbedding | null;
  signal: AbortSignal;
  /** Awaited before the model is given the pixels: it must not run further ahead than what can be stored. */
  reserve: () => Promise<void>;
}

/** Decoded images that may wait for the model beyond those being fetched: enough that it never starves. */
const DECODED_AHEAD = 32;

/** Images that should be ready to begin at any time, so that a free place is filled at once. */
export const READY_AHEAD = 64;

/** Bounds on what all embedders of a process fetch and keep in memory at the same time. */
export function makeDownloadSlots({ total, perHost }: { total: number; perHost: number }): DownloadSlots {
  return new DownloadSlots({ total, perHost, inFlight: total + DECODED_AHEAD });
}

/** Takes images from their URL to their vector, many at once, with bounds on downloads and on memory. */
export class ImageEmbedder {
  constructor(private readonly options: ImageEmbedderOptions) {}

  /** Resolves when there are too few images to keep all places busy. @throws The signal's reason once it is aborted. */
  wantsMore(signal: AbortSignal): Promise<void> {
    return this.options.slots.wantsMore(READY_AHEAD, signal);
  }

  /** Images that have not begun, most of them because their host has its share of the downloads. */
  get waitingCount(): number {
    return this.options.slots.waitingCount;
  }

  /**
   * Never rejects because of the image itself: that is an outcome. Between two attempts it holds no place, so that a host
   * that asks for patience keeps nobody else waiting.
   *
   * @throws The signal's reason once it is aborted.
   * @throws ServiceUnavailableError, ModelUnavailableError where the encoder can't work at all.
   */
  async embed(request: EmbedRequest): Promise<ImageOutcome> {
    const { image, signal } = request;
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await this.attempt(request);
      } catch (thrown) {
        signal.throwIfAborted();
        const error = this.asImageError(image, thrown);
        const { maxAttempts } = this.options;
        const waitMs = waitBeforeRetry(error, { attempt: attempts, maxAttempts, retryDelayMs: RETRY_DELAY_MS });
        if (waitMs === null) return { kind: 'failed', image, error, attempts };
        await sleep(waitMs, undefined, { signal });
      }
    }
  }

  private async attempt(request: EmbedRequest): Promise<ImageOutcome> {
    const { image, signal } = request;
    if (image.url === '') throw new ImageError('NOT_FOUND', 'The catalogue has no URL for this image.');
    const slot = await this.options.slots.acquire(hostOf(image.url), signal);
    try {
      const got = await this.fetchPixels(request, slot);
      if (got.kind === 'unchanged') return got;
      signal.throwIfAborted();
      await request.reserve();
      signal.throwIfAborted();
      const { pixels, contentHash, validators, downloadMs, decodeMs } = got;
      const startedMs = performance.now();
      const vector = await this.options.encoder.encode(pixels, { priority: 'backfill', signal });
      const times = { downloadMs, decodeMs, encodeMs: performance.now() - startedMs };
      return { kind: 'embedded', image, vector, contentHash, validators, times };
    } finally {
      slot.leave();
    }
  }

  /** The place among the downloads is held until the pixels are there: what is not decoded yet may be large. */
  private async fetchPixels(request: EmbedRequest, slot: DownloadSlot): Promise<FetchedPixels | Unchanged> {
    let outcome: DownloadOutcome = 'fine';
    try {
      const startedMs = performance.now();
      const photograph = await this.fetch(request);
      const { image, stored } = request;
      if (photograph === null) return { kind: 'unchanged', image, validators: validatorsOf(stored) };
      const arrivedMs = performance.now();
      const contentHash = createHash('sha256').update(photograph.bytes).digest('hex');
      const validators = validatorsOf(photograph);
      if (stored !== null && stored.contentHash === contentHash) return { kind: 'unchanged', image, validators };
      const pixels = await this.decode(photograph);
      const times = { downloadMs: arrivedMs - startedMs, decodeMs: performance.now() - arrivedMs };
      return { kind: 'fetched', pixels, contentHash, validators, ...times };
    } catch (error) {
      if (error instanceof ImageError && error.isTransient) outcome = 'troubled';
      throw error;
    } finally {
      slot.leaveDownload(outcome);
    }
  }

  /** @returns Null where the host says that the photograph is still the one that was embedded. */
  private fetch({ image, stored, signal }: EmbedRequest): Promise<FetchedPhotograph | null> {
    const { source, observer } = this.options;
    return observer.time('receive', () =>
      // Validators are those of a URL: they say nothing about another one.
      stored !== null && stored.imageUrl === image.url
        ? source.readIfChanged(image.url, validatorsOf(stored), { signal, maxAttempts: 1 })
        : source.read(image.url, { signal, maxAttempts: 1 }),
    );
  }

  private async decode({ bytes }: FetchedPhotograph): Promise<Pixels> {
    const { encoder, maxPixels, observer } = this.options;
    const { pixels } = await observer.time('decode', () =>
      preprocessPhotograph(bytes, encoder.preprocessing, { maxPixels }),
    );
    return pixels;
  }

  private asImageError(image: CatalogImage, error: unknown): ImageError {
    if (error instanceof ImageError) return error;
    if (error instanceof AppError) throw error;
    this.options.log.error({ err: error, imageId: image.id }, 'image failed in an unexpected way');
    return new ImageError('INTERNAL', 'The image could not be processed; the log says why.', { cause: error });
  }
}

interface FetchedPixels {
  kind: 'fetched';
  pixels: Pixels;
  contentHash: string;
  validators: Validators;
  downloadMs: number;
  decodeMs: number;
}

type Unchanged = Extract<ImageOutcome, { kind: 'unchanged' }>;

/** Longer ones are hardly validators, and would make the row outgrow its page. */
const LONGEST_VALIDATOR = 200;

function validatorsOf(known: Validators | null): Validators {
  return { etag: shortOrNull(known?.etag), lastModified: shortOrNull(known?.lastModified) };
}

/** Postgres stores no NUL, and a header may not have one. */
function shortOrNull(value: string | null | undefined): string | null {
  return value == null || value.length > LONGEST_VALIDATOR || value.includes('\0') ? null : value;
}
