import { makeDatabase } from '../src/db/database.js';
import { EmbeddingStore } from '../src/services/vector/embedding-store.js';
import { VectorIndex } from '../src/services/vector/vector-index.js';
import { upgradeVectorDatabase } from '../src/upgrade-vector-database.js';
import { silentLog } from '../test/support/silent-log.js';
import { serveBenchDatabase } from './bench-database.js';

/**
 * Lends a store of embeddings in a database of its own, in which every search compares with all rows. The database goes when the
 * work has ended, however it ended.
 */
export async function withEvaluationStore<Result>(work: (store: EmbeddingStore) => Promise<Result>): Promise<Result> {
  const { url, engine, stop } = await serveBenchDatabase(null);
  try {
    await upgradeVectorDatabase({ url, log: silentLog });
    const database = makeDatabase({ url, name: 'vector', maxConnections: 2, log: silentLog });
    try {
      const index = new VectorIndex({ database, engine, kind: 'hnsw', exactSearchRows: null, log: silentLog });
      return await work(new EmbeddingStore(database, index));
    } finally {
      await database.close();
    }
  } finally {
    await stop();
  }
}
