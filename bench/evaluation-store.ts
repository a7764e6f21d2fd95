import { makeDatabase } from '../src/db/database.js';
import { EmbeddingStore } from '../src/services/vector/embedding-store.js';
import { VectorIndex } from '../src/services/vector/vector-index.js';
import type { Close } from '../src/types.js';
import { upgradeVectorDatabase } from '../src/upgrade-vector-database.js';
import { silentLog } from '../test/support/silent-log.js';
import { serveBenchDatabase } from './bench-database.js';

/** A store of embeddings in a database of its own, which goes with it, and in which every search compares with all rows. */
export async function openEvaluationStore(): Promise<{ store: EmbeddingStore; close: Close }> {
  const served = await serveBenchDatabase(null);
  await upgradeVectorDatabase({ url: served.url, log: silentLog });
  const database = makeDatabase({ url: served.url, name: 'vector', maxConnections: 2, log: silentLog });
  const { engine } = served;
  const index = new VectorIndex({ database, engine, kind: 'hnsw', exactSearchRows: null, log: silentLog });
  const close = async () => {
    await database.close();
    await served.stop();
  };
  return { store: new EmbeddingStore(database, index), close };
}
