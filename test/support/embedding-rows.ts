import { VectorIndex } from '../../src/services/vector/vector-index.js';
import type { EmbeddingRow } from '../../src/services/vector/embedding-row.js';
import { EmbeddingStore, type EmbeddingMatch } from '../../src/services/vector/embedding-store.js';
import type { NearestOptions } from '../../src/services/vector/search-sql.js';
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

/** The images nearest to a vector, five of all unless `options` say otherwise. */
export async function nearest(
  store: EmbeddingStore,
  model: ModelIdentity,
  vector: Float32Array,
  options: Partial<NearestOptions> = {},
): Promise<EmbeddingMatch[]> {
  const form = await store.searchForm(model);
  const whole = { form, limit: 5, after: null, productIds: null, excludedProductIds: [] };
  return (await store.nearest(model, vector, { ...whole, ...options })).near;
}
