import type { Database } from '../db/database.js';
import { BadUserInputError } from '../errors.js';
import type { ImageScope, ModelIdentity } from '../types.js';
import { estimateBackfill, type BackfillEstimate } from './backfill-estimate.js';
import type { JobSender } from './backfill-job.js';
import type { BackfillJobStore } from './backfill-job-store.js';
import type { BackfillScope } from './backfill-run.js';
import type { BackfillStore } from './backfill-store.js';
import type { Catalog } from './catalog/catalog.js';
import type { FailureStore } from './failure-store.js';
import { startRun, type RunStart } from './start-run.js';
import type { EmbeddingStore } from './vector/embedding-store.js';

/** The most products that one run may be limited to. */
export const MAX_PRODUCT_IDS = 1000;

export interface StartRequest {
  /** Null is the model that this installation runs. */
  model: string | null;
  scope: BackfillScope;
  /** Null goes over all products. */
  productIds: readonly string[] | null;
}

/** A model was asked for that there is no room for. */
export interface UnknownModel {
  kind: 'unknownModel';
  model: string;
  known: string[];
}

/** What came of a start: a new run, or what is in the way. */
export type BackfillStart = RunStart | UnknownModel;

export interface BackfillServiceOptions {
  /** The model that this installation runs. */
  model: Pick<ModelIdentity, 'name'>;
  imageScope: ImageScope;
  /** The vector database, for transactions over several stores. */
  database: Database;
  catalog: Catalog;
  embeddings: EmbeddingStore;
  failures: FailureStore;
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
   * Writes a run for workers to take up. A model has one active run at most.
   *
   * @throws BadUserInputError where a product's id can't be one, or there are too many.
   */
  async start(request: StartRequest): Promise<BackfillStart> {
    this.checkProductIds(request.productIds);
    const model = request.model ?? this.options.model.name;
    const unknown = await this.unknownModel(model);
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
    const model = request.model ?? this.options.model.name;
    const unknown = await this.unknownModel(model);
    if (unknown !== null) return unknown;
    const { scope, productIds } = request;
    return estimateBackfill(this.options, { model, scope, productIds });
  }

  private async unknownModel(model: string): Promise<UnknownModel | null> {
    if (model === this.options.model.name) return null;
    const known = (await this.options.embeddings.listModels()).map(({ name }) => name);
    return known.includes(model) ? null : { kind: 'unknownModel', model, known };
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
