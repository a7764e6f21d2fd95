import type { ModelIdentity, Pixels } from '../../types.js';
import type { PreprocessingSpec } from './preprocessing-spec.js';

/** Whom an inference is for. A search, for which someone waits, goes before everything that a backfill has queued. */
export type EncodePriority = 'search' | 'backfill';

export interface EncodeOptions {
  priority: EncodePriority;
  /** Gives up the place in the queue; the promise then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** Makes the pixels of a photograph once it has its place among the searches that wait. */
export type MakePixels = () => Promise<Pixels>;

/** A loaded model that makes vectors of pixels. */
export interface ImageEncoder {
  readonly model: ModelIdentity;
  /** What `preprocessPhotograph` needs to know to make pixels for this model. */
  readonly preprocessing: PreprocessingSpec;
  /**
   * Makes one vector. Whoever embeds many should have several calls under way, so that they can share a batch, and await
   * them: that is the back-pressure. The pixels are copied and stay the caller's.
   *
   * @param pixels - `preprocessing.cropWidth` x `preprocessing.cropHeight`; for a search also what makes them, which is not called
   *   where the search is refused.
   * @returns `Float32Array` of length `model.dimensions`, L2-normalised, all numbers finite.
   * @throws ImageError INTERNAL where the model makes no usable vector of these pixels, or they have another size.
   * @throws ServiceUnavailableError for a search past the bound of the queue, with `details.retryAfterMs`; when the model's
   *   thread dies; after `close`.
   */
  encode(pixels: Pixels | MakePixels, options: EncodeOptions): Promise<Float32Array>;
  /** @throws ServiceUnavailableError where a search by photograph would be refused now. */
  checkRoom(): void;
  /** Rejects what waits, lets what is being inferred end, and lets the model go. Safe to call twice. */
  close(): Promise<void>;
}

/** Both towers of a CLIP model. */
export interface ClipEncoder extends ImageEncoder {
  /**
   * Makes the vector of a text, in the same space as those of pixels. The text tower is loaded when it is first needed.
   *
   * @param text - any length; what is beyond the model's context is not looked at.
   * @returns `Float32Array` of length `model.dimensions`, L2-normalised, all numbers finite.
   * @throws ModelUnavailableError where the model has no text tower, or it can't be had.
   * @throws ServiceUnavailableError as {@link ImageEncoder.encode} does.
   */
  encodeText(text: string, options?: { signal?: AbortSignal | undefined }): Promise<Float32Array>;
}
