import { availableParallelism } from 'node:os';
import type { Observer } from '../observer.js';
import { Semaphore } from '../semaphore.js';
import type { Pixels, Region } from '../types.js';
import type { ImageEncoder } from './clip/image-encoder.js';
import { LatestAnswers } from './clip/latest-answers.js';
import { preprocessPhotograph } from './clip/preprocess.js';

/** What a model sees in a photograph. */
export interface SeenPhotograph {
  vector: Float32Array;
  /** Size of the whole photograph, upright. */
  width: number;
  height: number;
}

/** A photograph to be seen. */
export interface HashedPhotograph {
  bytes: Buffer;
  /** SHA-256 of `bytes`. */
  fileHash: string;
  /** The part to look at; null for the whole. */
  region: Region | null;
}

export interface PhotographVectorsOptions {
  /** Cap on width times height of a photograph. */
  maxPixels: number;
  /** Photographs that are decoded at the same time; as many as there are cores by default. */
  maxDecodes?: number;
  observer: Observer;
}

/** Photographs whose vectors are kept: 2 MB of vectors of 512 numbers. */
const SIZE = 1000;

/**
 * The vectors of the latest photographs, by model, content and region. A photograph that comes again, as one does with each page
 * of its results, is neither decoded nor inferred again; nor is one that several ask for at the same time. One that nobody waits
 * for any more when its turn comes is not decoded at all: who sends photographs and hangs up keeps nobody else waiting.
 */
export class PhotographVectors {
  private readonly seen: LatestAnswers<SeenPhotograph>;
  private readonly decoding: Semaphore;

  constructor(
    private readonly options: PhotographVectorsOptions,
    size = SIZE,
  ) {
    this.seen = new LatestAnswers(size);
    this.decoding = new Semaphore(options.maxDecodes ?? availableParallelism());
  }

  /**
   * @returns a vector of the caller's own, of the model of `encoder`.
   * @throws what `preprocessPhotograph` and `ImageEncoder.encode` throw, and the reason of `signal`; others who wait for the
   *   same photograph go on waiting.
   */
  async get(photograph: HashedPhotograph, encoder: ImageEncoder, signal?: AbortSignal): Promise<SeenPhotograph> {
    const key = JSON.stringify([encoder.model.name, photograph.fileHash, partOf(photograph.region)]);
    const look = async (nobodyWaits: AbortSignal) => this.look(photograph, encoder, nobodyWaits);
    const { vector, width, height } = await this.seen.get(key, look, signal);
    return { vector: vector.slice(), width, height };
  }

  private async look(
    { bytes, region }: HashedPhotograph,
    encoder: ImageEncoder,
    signal: AbortSignal,
  ): Promise<SeenPhotograph> {
    const { maxPixels, observer } = this.options;
    let size = { width: 0, height: 0 };
    const decode = async (): Promise<Pixels> => {
      const release = await this.decoding.acquire(signal);
      const { pixels, width, height } = await observer
        .time('decode', () => preprocessPhotograph(bytes, encoder.preprocessing, { maxPixels, region }))
        .finally(release);
      size = { width, height };
      return pixels;
    };
    return { vector: await encoder.encode(decode, { priority: 'search', signal }), ...size };
  }
}

function partOf(region: Region | null): unknown {
  return region && [region.x, region.y, region.width, region.height];
}
