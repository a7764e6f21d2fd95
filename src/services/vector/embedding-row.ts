import type { Validators } from '../images/image-source.js';

/** What an embedding knows of the image it was made of. */
export interface StoredImage {
  imageId: string;
  productId: string;
  imageUrl: string;
  isMain: boolean;
  /** What the catalogue gave as the image's `updatedAt`, word for word: it is compared, never computed with. */
  sourceUpdatedAt: string | null;
}

/** An embedding without its vector. */
export interface StoredEmbedding extends StoredImage, Validators {
  /** SHA-256 of the photograph's bytes in hexadecimal; null for what was embedded before it was kept. */
  contentHash: string | null;
  /** The backfill that made it; null where none did. */
  backfillId: string | null;
}

/** An embedding to be stored. `vector` has `model.dimensions` numbers and length 1. */
export interface EmbeddingRow extends StoredImage, Partial<Validators> {
  contentHash?: string | null;
  backfillId?: string;
  vector: Float32Array;
}
