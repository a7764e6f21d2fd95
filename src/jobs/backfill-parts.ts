import type { Database } from '../db/database.js';
import { ServiceUnavailableError } from '../errors.js';
import type { Log } from '../log.js';
import type { BackfillObserver } from '../observer.js';
import type { BackfillFailureStore } from '../services/backfill-failure-store.js';
import type { BackfillJobStore } from '../services/backfill-job-store.js';
import type { BackfillStore } from '../services/backfill-store.js';
import type { Catalog } from '../services/catalog/catalog.js';
import type { EmbeddingModelStore } from '../services/embedding-model-store.js';
import type { FailureStore } from '../services/failure-store.js';
import type { QueryImageStore } from '../services/query-image-store.js';
import type { EmbeddingStore } from '../services/vector/embedding-store.js';
import type { VectorIndex } from '../services/vector/vector-index.js';
import type { ModelIdentity } from '../types.js';
import type { ImageEmbedder } from './embed-image.js';
import type { JobQueue } from './queue.js';

/** What the vector database holds, each with its own SQL. */
export interface Stores {
  /** For transactions over several of them. */
  database: Database;
  index: VectorIndex;
  models: EmbeddingModelStore;
  embeddings: EmbeddingStore;
  failures: FailureStore;
  runs: BackfillStore;
  jobs: BackfillJobStore;
  runFailures: BackfillFailureStore;
  queryImages: QueryImageStore;
  queue: JobQueue;
}

/** What the jobs of backfills work with. */
export interface BackfillParts extends Stores {
  model: ModelIdentity;
  catalog: Catalog;
  embedder: ImageEmbedder;
  /** Images that are stored in one transaction; also how many may be embedded and not stored yet. */
  batchSize: number;
  observer: BackfillObserver;
  log: Log;
}

/** The lease ran out or the run was ended by someone else: what is under way must not be stored. */
export class LeaseLostError extends ServiceUnavailableError {
  constructor() {
    super('The job of the backfill is no longer held by this worker.');
  }
}
