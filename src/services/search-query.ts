import type { ModelIdentity } from '../types.js';

/** What a search compares with, whatever it was made of. */
export interface SearchQuery {
  model: ModelIdentity;
  /** `Float32Array` of length `model.dimensions`, L2-normalised. */
  vector: Float32Array;
  /** Tells it from every other query: cursors belong to one. */
  identity: string;
  /** Products that are part of the question and so of no answer. */
  excludedProductIds: readonly string[];
  /** The one picture that it is; null where words or several pictures are in it, so that nothing can be the same picture. */
  picture: QueryPicture | null;
}

export interface QueryPicture {
  /** SHA-256 of the photograph's bytes in hexadecimal; null where it is not known, or only a part of it was taken. */
  contentHash: string | null;
}
