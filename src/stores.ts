import type { VectorConfig } from './config.js';
import type { VectorDatabase } from './databases.js';
import type { Stores } from './jobs/backfill-parts.js';
import { JobQueue } from './jobs/queue.js';
import type { Log } from './log.js';
import { BackfillFailureStore } from './services/backfill-failure-store.js';
import { BackfillJobStore } from './services/backfill-job-store.js';
import { BackfillStore } from './services/backfill-store.js';
import { FailureStore } from './services/failure-store.js';
import { QueryImageStore } from './services/query-image-store.js';
import { EmbeddingStore } from './services/vector/embedding-store.js';
import { VectorIndex } from './services/vector/vector-index.js';

/** Makes the stores of a vector database; they open nothing. */
export function makeStores({ database, engine }: VectorDatabase, config: VectorConfig, log: Log): Stores {
  const { index: kind, exactSearchRows } = config;
  const index = new VectorIndex({ database, engine, kind, exactSearchRows, log });
  return {
    database,
    index,
    embeddings: new EmbeddingStore(database, index),
    failures: new FailureStore(database),
    runs: new BackfillStore(database),
    jobs: new BackfillJobStore(database),
    runFailures: new BackfillFailureStore(database),
    queryImages: new QueryImageStore(database),
    queue: new JobQueue(database),
  };
}
