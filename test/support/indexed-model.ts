import type { Database } from '../../src/db/database.js';
import type { EmbeddingRow } from '../../src/services/vector/embedding-row.js';
import { EmbeddingStore } from '../../src/services/vector/embedding-store.js';
import { VectorIndex, type VectorIndexOptions } from '../../src/services/vector/vector-index.js';
import type { ModelIdentity } from '../../src/types.js';
import { silentLog } from './silent-log.js';

export interface EmbeddingStack {
  embeddings: EmbeddingStore;
  index: VectorIndex;
}

export interface IndexedModelOptions {
  name: string;
  rows: readonly EmbeddingRow[];
  kind: VectorIndexOptions['kind'];
  /** That of test databases by default. */
  engine?: VectorIndexOptions['engine'];
}

/** Of a model without rows. */
const DIMENSIONS_OF_NOTHING = 8;

/** The embeddings of a test's own database, indexed from 101 rows on. */
export function makeEmbeddingStack(
  database: Database,
  kind: VectorIndexOptions['kind'],
  engine: VectorIndexOptions['engine'] = process.env.TEST_DATABASE_URL === undefined ? 'embedded' : 'server',
): EmbeddingStack {
  const index = new VectorIndex({ database, engine, kind, exactSearchRows: 100, log: silentLog });
  return { index, embeddings: new EmbeddingStore(database, index) };
}

/** Stores embeddings and brings the index up to date as a backfill does. */
export async function makeIndexedModel(
  database: Database,
  { name, rows, kind, engine }: IndexedModelOptions,
): Promise<EmbeddingStack & { model: ModelIdentity }> {
  const stack = makeEmbeddingStack(database, kind, engine);
  const model = { name, dimensions: rows[0]?.vector.length ?? DIMENSIONS_OF_NOTHING };
  await stack.embeddings.ensureModel(model);
  for (let start = 0; start < rows.length; start += 1000) {
    await stack.embeddings.upsert(model, rows.slice(start, start + 1000));
  }
  await stack.index.ensureIndex(model);
  return { ...stack, model };
}
