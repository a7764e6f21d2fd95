import { LatestAnswers } from './latest-answers.js';

/** Makes the vector of a text; `signal` is aborted when nobody waits for it any more. */
export type EncodeText = (text: string, signal: AbortSignal) => Promise<Float32Array>;

/** Texts whose vectors are kept: 2 MB of vectors of 512 numbers. Visitors of a shop search for the same things again and again. */
const SIZE = 1000;

/** The vectors of the latest texts, however they are spaced. */
export class TextVectors {
  private readonly vectors: LatestAnswers<Float32Array>;

  constructor(
    private readonly encode: EncodeText,
    size = SIZE,
  ) {
    this.vectors = new LatestAnswers(size);
  }

  /**
   * @returns a vector of the caller's own.
   * @throws what `encode` throws, and the reason of `signal`; others who wait for the same text go on waiting.
   */
  async get(text: string, signal?: AbortSignal): Promise<Float32Array> {
    const key = normalised(text);
    const vector = await this.vectors.get(key, async (nobodyWaits) => this.encode(key, nobodyWaits), signal);
    return vector.slice();
  }
}

/** What people see as the same text. */
function normalised(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/gu, ' ');
}
