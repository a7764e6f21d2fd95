import type { Log } from '../log.js';
import type { ModelIdentity } from '../types.js';
import type { BackfillService } from './backfill.js';
import type { CoverageService } from './coverage.js';
import type { FailureStore } from './failure-store.js';
import type { EmbeddingStore } from './vector/embedding-store.js';

export interface CatalogSyncOptions {
  model: ModelIdentity;
  coverage: CoverageService;
  embeddings: EmbeddingStore;
  failures: FailureStore;
  backfills: BackfillService;
  log: Log;
}

/** Keeps the embeddings in step with the catalogue, where nobody starts backfills by hand. */
export class CatalogSync {
  constructor(private readonly options: CatalogSyncOptions) {}

  /** Compares catalogue and embeddings, and starts a backfill where one would have something to do and none is active. */
  async look(): Promise<void> {
    const { model, coverage, embeddings, failures, backfills, log } = this.options;
    const { missing, stale, embedded } = await coverage.current(model.name, performance.now());
    const due = await failures.countDue(model.name);
    // Rows that the coverage does not have are of images that left the catalogue.
    const left = Math.max(0, (await embeddings.countRows(model)) - embedded - stale);
    if (missing + stale + due + left === 0) return;
    const start = await backfills.start({ model: model.name, scope: 'MISSING', productIds: null });
    if (start.kind !== 'started') return;
    log.info({ backfillId: start.run.id, missing, stale, due, left }, 'the catalogue has changed; started a backfill');
  }
}
