import type { Config, VectorConfig } from './config.js';
import type { VectorDatabase } from './databases.js';
import type { Stores } from './jobs/backfill-parts.js';
import { JobQueue } from './jobs/queue.js';
import type { Log } from './log.js';
import { BackfillFailureStore } from './services/backfill-failure-store.js';
import { BackfillJobStore } from './services/backfill-job-store.js';
import { BackfillStore } from './services/backfill-store.js';
import { listModels } from './services/clip/clip-models.js';
import { describeModel } from './services/clip/describe-model.js';
import { EmbeddingModelStore } from './services/embedding-model-store.js';
import { FailureStore } from './services/failure-store.js';
import { ModelRoom, type ModelRoomOptions } from './services/model-room.js';
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
    models: new EmbeddingModelStore(database),
    embeddings: new EmbeddingStore(database, index),
    failures: new FailureStore(database),
    runs: new BackfillStore(database),
    jobs: new BackfillJobStore(database),
    runFailures: new BackfillFailureStore(database),
    queryImages: new QueryImageStore(database),
    queue: new JobQueue(database),
  };
}

/** Makes what finds room for models; of those that have no short name it asks the hub. */
export function makeModelRoom({
  config,
  log,
  ...parts
}: Omit<ModelRoomOptions, 'shortNames' | 'describe'> & { config: Config; log: Log }): ModelRoom {
  return new ModelRoom({
    ...parts,
    shortNames: listModels(config.clip).map(({ name }) => name),
    describe: (spec) => describeModel(spec, { config: config.clip, log }),
  });
}
