import { VectorIndex } from '../../src/services/vector/vector-index.js';
import type { EmbeddingRow } from '../../src/services/vector/embedding-row.js';
import { EmbeddingStore } from '../../src/services/vector/embedding-store.js';
import type { ModelIdentity } from '../../src/types.js';
import type { TestDatabase } from './database.js';
import { silentLog } from './silent-log.js';

/** The store of embeddings on a test's own database. */
export function makeEmbeddingStore({ database }: TestDatabase): EmbeddingStore {
  const index = new VectorIndex({ database, engine: 'embedded', kind: 'hnsw', exactSearchRows: null, log: silentLog });
  return new EmbeddingStore(database, index);
}

let modelNumber = 0;

/** A model that no other test knows. */
export async function newModel(store: EmbeddingStore, dimensions = 8): Promise<ModelIdentity> {
  modelNumber += 1;
  const model = { name: `model-${modelNumber}`, dimensions };
  await store.ensureModel(model);
  return model;
}

/** A row of an image whose product and URL are named after it, unless `more` says otherwise. */
export function embeddingRow(imageId: string, vector: Float32Array, more: Partial<EmbeddingRow> = {}): EmbeddingRow {
  const imageUrl = `https://shop.example/${imageId}.jpg`;
  return { imageId, productId: `p${imageId}`, imageUrl, isMain: true, sourceUpdatedAt: null, vector, ...more };
}
