import type { Database, Queryable } from '../db/database.js';
import { BadUserInputError } from '../errors.js';
import type { ModelIdentity } from '../types.js';
import type { BackfillStore } from './backfill-store.js';
import type { Coverage, CoverageService } from './coverage.js';
import { isLockTimeout, type EmbeddingModelStore, type StoredModel } from './embedding-model-store.js';
import type { FailureStore } from './failure-store.js';
import type { UnknownModel } from './model-room.js';
import type { VectorIndex } from './vector/vector-index.js';

/** `ACTIVE` answers searches; `FILLING` does not, and has an active backfill; `STANDBY` is all others. */
export type EmbeddingModelState = 'ACTIVE' | 'FILLING' | 'STANDBY';

/** What came of activating a model. */
export type Activation =
  | { kind: 'activated'; model: ModelIdentity; previous: ModelIdentity | null }
  /** It was the active one before. */
  | { kind: 'unchanged'; model: ModelIdentity }
  | { kind: 'notCovered'; model: ModelIdentity; coverage: Coverage; minCoverage: number }
  /** It has too many embeddings to compare with all of them at each search. */
  | { kind: 'noIndex'; model: ModelIdentity }
  | UnknownModel;

/** What came of dropping a model. */
export type Drop = { kind: 'dropped' | DropRefusal; model: string } | UnknownModel;

/**
 * Why a model is not dropped: it answers searches, it has an active backfill, or somebody used the embeddings for longer than
 * {@link DROP_WAIT_SECONDS}.
 */
export type DropRefusal = 'active' | 'filling' | 'inUse';

export const DEFAULT_MIN_COVERAGE = 0.95;

/** While a drop waits, what stores embeddings and what searches with this model wait behind it. */
export const DROP_WAIT_SECONDS = 5;

export interface EmbeddingModelsOptions {
  /** The vector database, for transactions over several stores. */
  database: Database;
  models: EmbeddingModelStore;
  coverage: CoverageService;
  failures: FailureStore;
  runs: BackfillStore;
  index: Pick<VectorIndex, 'isMissing'>;
  /** Called after something about the models has changed, so that this process need not find it by itself. */
  onChange: () => void;
}

/** Lists the models that have room here, and says which of them answers and which go. */
export class EmbeddingModels {
  constructor(private readonly options: EmbeddingModelsOptions) {}

  /** By name. */
  list(): Promise<StoredModel[]> {
    return this.options.models.list();
  }

  /**
   * Lets a model answer searches instead of the one that does, in every process within two seconds. Going back is activating
   * the old one.
   *
   * @param request.minCoverage - the share of the catalogue's images that it has to have embedded, changed ones included.
   * @throws BadUserInputError where `minCoverage` is not from 0 to 1.
   */
  async activate(request: { model: string; minCoverage: number }): Promise<Activation> {
    const { model: name, minCoverage } = request;
    checkMinCoverage(minCoverage);
    const found = await this.options.models.find(name);
    if (found === null) return this.unknown(name);
    const model = identityOf(found);
    if (found.isActive) return { kind: 'unchanged', model };
    const coverage = await this.options.coverage.current(name, performance.now());
    if (coveredShare(coverage) < minCoverage) return { kind: 'notCovered', model, coverage, minCoverage };
    if (await this.options.index.isMissing(model)) return { kind: 'noIndex', model };
    const activation = await this.switchTo(model);
    this.options.onChange();
    return activation;
  }

  /**
   * Removes a model and all that belongs to it: its embeddings, failures, ended backfills and query images.
   * The one that answers searches stays, and so does one with an active backfill.
   */
  async drop(model: string): Promise<Drop> {
    const found = await this.options.models.find(model);
    if (found === null) return this.unknown(model);
    const refusal = refusalOfDrop(found);
    if (refusal !== null) return { kind: refusal, model };
    try {
      const kind = await this.options.database.transaction((tx) => this.dropIfStill(model, tx));
      this.options.onChange();
      return kind === null ? await this.unknown(model) : { kind, model };
    } catch (error) {
      if (isLockTimeout(error)) return { kind: 'inUse', model };
      throw error;
    }
  }

  /** @returns Null where there is no such model any more. */
  private async dropIfStill(model: string, tx: Queryable): Promise<'dropped' | DropRefusal | null> {
    const { models, failures, runs } = this.options;
    const found = await models.lockForDrop(model, DROP_WAIT_SECONDS * 1000, tx);
    if (found === null) return null;
    const refusal = refusalOfDrop(found);
    if (refusal !== null) return refusal;
    await runs.removeOf(model, tx);
    await failures.removeOf(model, tx);
    await models.remove(model, tx);
    return 'dropped';
  }

  private async switchTo(model: ModelIdentity): Promise<Activation> {
    const { database, models } = this.options;
    const switched = await database.transaction(async (tx): Promise<Activation | null> => {
      const all = await models.lockAll(tx);
      const target = all.find(({ name }) => name === model.name);
      if (target === undefined) return null;
      if (target.isActive) return { kind: 'unchanged', model };
      const previous = all.find(({ isActive }) => isActive) ?? null;
      await models.activate(model.name, tx);
      return { kind: 'activated', model, previous: previous === null ? null : identityOf(previous) };
    });
    return switched ?? this.unknown(model.name);
  }

  private async unknown(model: string): Promise<UnknownModel> {
    const known = (await this.list()).map(({ name }) => name);
    return { kind: 'unknownModel', model, known };
  }
}

function refusalOfDrop({
  isActive,
  backfillState,
}: Pick<StoredModel, 'isActive' | 'backfillState'>): DropRefusal | null {
  if (isActive) return 'active';
  return backfillState === null ? null : 'filling';
}

export function stateOf({ isActive, backfillState }: StoredModel): EmbeddingModelState {
  if (isActive) return 'ACTIVE';
  return backfillState === null ? 'STANDBY' : 'FILLING';
}

/** The share of images that have an embedding, current or not; 0 of an empty catalogue. */
export function coveredShare({ total, embedded, stale }: Coverage): number {
  return total === 0 ? 0 : (embedded + stale) / total;
}

/** What to say of a model that there is no room for. */
export function unknownModel({ model, known }: UnknownModel): string {
  return `There is no model "${model}" here. There are: ${known.join(', ')}.`;
}

/** Why a model is not activated, with both figures. */
export function notCovered({ model, coverage, minCoverage }: Extract<Activation, { kind: 'notCovered' }>): string {
  const { embedded, stale, total } = coverage;
  // Rounded down, or 0.9499 would be below 0.95 and look the same.
  const share = Math.floor(coveredShare(coverage) * 10_000) / 10_000;
  return (
    `The model "${model.name}" has embedded ${embedded + stale} of ${total} images, a coverage of ${share}, and \`minCoverage\` ` +
    `is ${minCoverage}. Run a backfill with this model first, or give a lower \`minCoverage\`.`
  );
}

/** Why a model is not activated that has no index. */
export function noIndex({ name }: ModelIdentity): string {
  return (
    `The model "${name}" has no index yet, and too many embeddings for searches to do without. It is built at the end of a backfill: ` +
    'wait for it, or run one with this model.'
  );
}

/** Why a model is not dropped. */
export function notDropped(model: string, refusal: DropRefusal): string {
  switch (refusal) {
    case 'active':
      return `The model "${model}" answers searches, so it can't be dropped. Activate another one first.`;
    case 'filling':
      return `The model "${model}" has an active backfill. Wait until it has ended, or cancel it.`;
    case 'inUse':
      return (
        `The embeddings are in use by something that takes longer than ${DROP_WAIT_SECONDS} seconds, such as building an index. ` +
        `Nothing of the model "${model}" was dropped: try again later.`
      );
  }
}

/** @throws BadUserInputError */
function checkMinCoverage(minCoverage: number): void {
  if (minCoverage >= 0 && minCoverage <= 1) return;
  throw new BadUserInputError('minCoverage', `\`minCoverage\` must be from 0 to 1, and ${minCoverage} is not.`);
}

function identityOf({ name, dimensions }: ModelIdentity): ModelIdentity {
  return { name, dimensions };
}
