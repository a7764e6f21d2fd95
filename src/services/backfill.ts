import type { Database } from '../db/database.js';
import { BadUserInputError } from '../errors.js';
import type { ImageScope } from '../types.js';
import { estimateBackfill, type BackfillEstimate } from './backfill-estimate.js';
import type { JobSender } from './backfill-job.js';
import type { BackfillJobStore } from './backfill-job-store.js';
import type { BackfillScope } from './backfill-run.js';
import type { BackfillStore } from './backfill-store.js';
import type { Catalog } from './catalog/catalog.js';
import type { EmbeddingModelStore } from './embedding-model-store.js';
import type { FailureStore } from './failure-store.js';
import type { ConfiguredModel, ModelRoom, UnknownModel } from './model-room.js';
import { startRun, type RunStart } from './start-run.js';
import type { EmbeddingStore } from './vector/embedding-store.js';

/** The most products that one run may be limited to. */
export const MAX_PRODUCT_IDS = 1000;

export interface StartRequest {
  /** Null is the configured one. */
  model: string | null;
  scope: BackfillScope;
  /** Null goes over all products. */
  productIds: readonly string[] | null;
}

/** What came of a start: a new run, or what is in the way. */
export type BackfillStart = RunStart | UnknownModel;

export interface BackfillServiceOptions {
  /** What to embed with where nobody says. */
  configured: Pick<ConfiguredModel, 'name'>;
  room: ModelRoom;
  imageScope: ImageScope;
  /** The vector database, for transactions over several stores. */
  database: Database;
  catalog: Catalog;
  embeddings: EmbeddingStore;
  failures: FailureStore;
  models: EmbeddingModelStore;
  runs: BackfillStore;
  jobs: BackfillJobStore;
  queue: JobSender;
  /** Called after something was written for workers, so that one of this process need not find it by itself. */
  wakeWorkers: () => void;
}

/**
 * Starts backfills, and tells what one would do. What comes after the start is `backfill-steering.ts`; the work itself is done
 * by whichever processes have workers.
 */
export class BackfillService {
  constructor(private readonly options: BackfillServiceOptions) {}

  /**
   * Writes a run for workers to take up, of whichever process can load the model, and makes room for the model where there is
   * none. A model has one active run at most.
   *
   * @throws BadUserInputError where a product's id can't be one, or there are too many.
   * @throws ModelUnavailableError where it can't be found out how long the vectors of a new model are.
   */
  async start(request: StartRequest): Promise<BackfillStart> {
    this.checkProductIds(request.productIds);
    const model = request.model ?? this.options.configured.name;
    const unknown = await this.options.room.ensure(model);
    if (unknown !== null) return unknown;
    const { scope, productIds } = request;
    const run = { model, scope, productIds, imageScope: this.options.imageScope };
    const start = await startRun(this.options, run, [{ kind: 'PLAN' }]);
    if (start.kind === 'started') this.options.wakeWorkers();
    return start;
  }

  /**
   * What a run would do, counted as things stand; it writes nothing.
   *
   * @throws BadUserInputError where a product's id can't be one, or there are too many.
   */
  async estimate(request: StartRequest): Promise<BackfillEstimate | UnknownModel> {
    this.checkProductIds(request.productIds);
    const model = request.model ?? this.options.configured.name;
    const unknown = await this.options.room.refusalOf(model);
    if (unknown !== null) return unknown;
    const { scope, productIds } = request;
    return estimateBackfill(this.options, { model, scope, productIds });
  }

  /** @throws BadUserInputError */
  private checkProductIds(productIds: readonly string[] | null): void {
    if (productIds === null) return;
    if (productIds.length > MAX_PRODUCT_IDS) {
      const counts = `at most ${MAX_PRODUCT_IDS} products, and has ${productIds.length}`;
      throw new BadUserInputError('productIds', `\`productIds\` may name ${counts}.`);
    }
    for (const id of productIds) this.options.catalog.checkProductId(id, 'productIds');
  }
}
