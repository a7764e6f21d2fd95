import type { Database } from '../../src/db/database.js';
import { EmbeddingStore } from '../../src/services/vector/embedding-store.js';
import { VectorIndex, type VectorIndexOptions } from '../../src/services/vector/vector-index.js';
import type { ModelIdentity } from '../../src/types.js';
import { embeddingRow } from './embedding-rows.js';
import { silentLog } from './silent-log.js';

export interface EmbeddingStack {
  embeddings: EmbeddingStore;
  index: VectorIndex;
}

export interface IndexedModelOptions {
  name: string;
  vectors: readonly Float32Array[];
  kind: VectorIndexOptions['kind'];
}

/** Of vectors that there are none of. */
const DIMENSIONS_OF_NOTHING = 8;

/** The embeddings of a test's own database, indexed from 101 rows on. */
export function makeEmbeddingStack(database: Database, kind: VectorIndexOptions['kind']): EmbeddingStack {
  const engine = process.env.TEST_DATABASE_URL === undefined ? 'embedded' : 'server';
  const index = new VectorIndex({ database, engine, kind, exactSearchRows: 100, log: silentLog });
  return { index, embeddings: new EmbeddingStore(database, index) };
}

/** Stores vectors under image ids 1, 2, 3, ... and brings the index up to date as a backfill does. */
export async function makeIndexedModel(
  database: Database,
  { name, vectors, kind }: IndexedModelOptions,
): Promise<EmbeddingStack & { model: ModelIdentity }> {
  const stack = makeEmbeddingStack(database, kind);
  const model = { name, dimensions: vectors[0]?.length ?? DIMENSIONS_OF_NOTHING };
  await stack.embeddings.ensureModel(model);
  const rows = vectors.map((vector, at) => embeddingRow(String(at + 1), vector));
  for (let start = 0; start < rows.length; start += 1000) {
    await stack.embeddings.upsert(model, rows.slice(start, start + 1000));
  }
  await stack.index.ensureIndex(model);
  return { ...stack, model };
}
