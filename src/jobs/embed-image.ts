import { AppError, ImageError } from '../errors.js';
import type { Log } from '../log.js';
import type { ImageEncoder } from '../services/clip/image-encoder.js';
import { preprocessPhotograph } from '../services/clip/preprocess.js';
import { hostOf, type ImageSource } from '../services/images/image-source.js';
import type { CatalogImage, Pixels } from '../types.js';
import { KeyedSemaphore, Semaphore } from './semaphore.js';

/** What became of an image: a vector of length `model.dimensions`, or the reason why there is none. */
export type ImageOutcome =
  | { kind: 'embedded'; image: CatalogImage; vector: Float32Array }
  | { kind: 'failed'; image: CatalogImage; error: ImageError };

export interface ImageEmbedderOptions {
  source: ImageSource;
  encoder: ImageEncoder;
  /** Cap on width times height of a photograph. */
  maxPixels: number;
  /** Photographs that are fetched at the same time. */
  downloadConcurrency: number;
  downloadConcurrencyPerHost: number;
  log: Log;
}

/** Decoded images that may wait for the model beyond those being fetched: enough that it never starves. */
const DECODED_AHEAD = 32;

/** Takes images from their URL to their vector, many at once, with bounds on downloads and on memory. */
export class ImageEmbedder {
  /** Images that can be between their URL and their vector at the same time. */
  readonly capacity: number;
  private readonly inFlight: Semaphore;
  private readonly downloads: Semaphore;
  private readonly hosts: KeyedSemaphore;

  constructor(private readonly options: ImageEmbedderOptions) {
    this.capacity = options.downloadConcurrency + DECODED_AHEAD;
    this.inFlight = new Semaphore(this.capacity);
    this.downloads = new Semaphore(options.downloadConcurrency);
    this.hosts = new KeyedSemaphore(options.downloadConcurrencyPerHost);
  }

  /**
   * Never rejects because of the image itself: that is an outcome.
   *
   * @throws The signal's reason once it is aborted.
   * @throws ServiceUnavailableError, ModelUnavailableError where the encoder can't work at all.
   */
  async embed(image: CatalogImage, signal: AbortSignal): Promise<ImageOutcome> {
    try {
      return { kind: 'embedded', image, vector: await this.toVector(image, signal) };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ImageError) return { kind: 'failed', image, error };
      if (error instanceof AppError) throw error;
      return { kind: 'failed', image, error: this.unexpected(image, error) };
    }
  }

  private async toVector(image: CatalogImage, signal: AbortSignal): Promise<Float32Array> {
    if (image.url === '') throw new ImageError('NOT_FOUND', 'The catalogue has no URL for this image.');
    // The host's place comes first, so that a slow host's images do not wait in the places of the others.
    const leaveHost = await this.hosts.acquire(hostOf(image.url));
    const leaveFlight = await this.inFlight.acquire();
    try {
      const pixels = await this.fetchPixels(image.url, signal).finally(leaveHost);
      signal.throwIfAborted();
      return await this.options.encoder.encode(pixels, { priority: 'backfill', signal });
    } finally {
      leaveFlight();
    }
  }

  private async fetchPixels(url: string, signal: AbortSignal): Promise<Pixels> {
    const leave = await this.downloads.acquire();
    try {
      signal.throwIfAborted();
      const { bytes } = await this.options.source.read(url, { signal });
      const { encoder, maxPixels } = this.options;
      const { pixels } = await preprocessPhotograph(bytes, encoder.preprocessing, { maxPixels });
      return pixels;
    } finally {
      leave();
    }
  }

  private unexpected(image: CatalogImage, cause: unknown): ImageError {
    this.options.log.error({ err: cause, imageId: image.id }, 'image failed in an unexpected way');
    return new ImageError('INTERNAL', 'The image could not be processed; the log says why.', { cause });
  }
}
