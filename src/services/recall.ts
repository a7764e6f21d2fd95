import type { Database } from '../db/database.js';
import { AppError, BadUserInputError } from '../errors.js';
import type { ModelIdentity } from '../types.js';
import type { EmbeddingModelStore } from './embedding-model-store.js';
import { unknownModel } from './embedding-models.js';
import { climbLadder, type RecallLadder, type RecallStep } from './recall-ladder.js';
import type { EmbeddingStore } from './vector/embedding-store.js';
import type { ExistingIndex, IndexKind } from './vector/index-plan.js';
import { sampleEmbeddings } from './vector/sample-embeddings.js';
import type { VectorIndex } from './vector/vector-index.js';

export interface RecallRequest {
  /** Null measures the model that answers searches. */
  model: string | null;
  /** Embeddings to search with at most, from 1 to {@link MAX_RECALL_QUERIES}. */
  queries: number;
  /** How many of the nearest count, from 1 to {@link MAX_RECALL_K}. */
  k: number;
}

interface Measured {
  model: ModelIdentity;
  /** Embedded images. */
  rows: number;
}

/** What was measured of a model's index. */
export interface MeasuredRecall extends Measured, RecallLadder {
  kind: 'measured';
  index: IndexKind;
  /** Embeddings that were searched with. */
  queries: number;
  k: number;
  /** What this installation is set to. */
  current: number;
  /** The smallest breadth that finds {@link RECALL_TARGET}; null where none that was tried does. */
  suggestion: RecallStep | null;
}

/** `exact` where the model has no index, so that nothing can be missed. */
export type RecallReport = MeasuredRecall | (Measured & { kind: 'exact' });

export interface RecallServiceOptions {
  database: Database;
  models: Pick<EmbeddingModelStore, 'list'>;
  embeddings: EmbeddingStore;
  index: VectorIndex;
  /** The breadth of searches that is configured for each kind of index. */
  configured: Readonly<Record<IndexKind, number>>;
}

export const MAX_RECALL_QUERIES = 10_000;
export const MAX_RECALL_K = 100;

/** The share of the true nearest that a search should find. */
export const RECALL_TARGET = 0.98;

const BREADTHS: Readonly<Record<IndexKind, readonly number[]>> = {
  hnsw: [40, 80, 120, 160, 200, 300, 400, 600, 800],
  ivfflat: [1, 2, 4, 8, 16, 32, 64, 128],
};

/** Any will do, as long as it stays: two runs are then about the same queries. */
const SAMPLE_SEED = 1;

/** Measures what searches through an index miss, on the embeddings that are there. */
export class RecallService {
  constructor(private readonly options: RecallServiceOptions) {}

  /**
   * Searches with stored embeddings, each time without its own product, and compares what the index finds with the true
   * nearest. Reads only.
   *
   * @throws BadUserInputError where `queries` or `k` is out of bounds.
   * @throws AppError NOT_FOUND where there is no such model, CONFLICT where nothing is embedded with it.
   */
  async measure(request: RecallRequest): Promise<RecallReport> {
    checkBounds('queries', request.queries, MAX_RECALL_QUERIES);
    checkBounds('k', request.k, MAX_RECALL_K);
    const model = await this.find(request.model);
    const rows = await this.options.embeddings.countRows(model);
    if (rows === 0) throw nothingEmbedded(`Nothing is embedded with the model "${model.name}" yet`);
    const index = await this.options.index.servingIndex(model);
    return index === null ? { kind: 'exact', model, rows } : this.climb(request, { model, rows, index });
  }

  private async climb(
    { queries: count, k }: RecallRequest,
    { model, rows, index }: Measured & { index: ExistingIndex },
  ): Promise<MeasuredRecall> {
    const { database, configured } = this.options;
    const sample = await sampleEmbeddings(database, model, { count, seed: SAMPLE_SEED });
    const queries = sample.map(({ vector, productId }) => ({ vector, excludedProductIds: [productId] }));
    const current = configured[index.kind];
    const breadths = breadthsOf(index, current);
    const ladder = await climbLadder(this.options, { model, index: index.kind, queries, k, breadths });
    const suggestion = ladder.steps.find(({ recall }) => recall >= RECALL_TARGET) ?? null;
    return {
      kind: 'measured',
      model,
      rows,
      index: index.kind,
      queries: queries.length,
      k,
      current,
      suggestion,
      ...ladder,
    };
  }

  private async find(name: string | null): Promise<ModelIdentity> {
    const models = await this.options.models.list();
    if (models.length === 0) throw nothingEmbedded('Nothing is embedded yet');
    const found = models.find((model) => (name === null ? model.isActive : model.name === name));
    if (found !== undefined) return { name: found.name, dimensions: found.dimensions };
    const known = models.map((model) => model.name);
    if (name === null) throw new AppError('CONFLICT', `No model is active. Name one of these: ${known.join(', ')}.`);
    throw new AppError('NOT_FOUND', unknownModel({ kind: 'unknownModel', model: name, known }));
  }
}

/** The configured breadth among the others, narrowest first. Beyond its lists an IVFFlat index has nothing to read. */
function breadthsOf({ kind, lists }: ExistingIndex, current: number): number[] {
  const most = lists ?? Infinity;
  const breadths = new Set([...BREADTHS[kind], current].map((breadth) => Math.min(breadth, most)));
  return [...breadths].sort((one, other) => one - other);
}

function nothingEmbedded(sentence: string): AppError {
  return new AppError('CONFLICT', `${sentence}: run \`lookalike backfill\` first.`);
}

/** @throws BadUserInputError */
function checkBounds(argument: 'queries' | 'k', value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new BadUserInputError(
    argument,
    `\`${argument}\` must be a whole number from 1 to ${most}, and ${value} is not.`,
  );
}
