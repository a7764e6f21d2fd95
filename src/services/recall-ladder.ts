import type { Database, Queryable } from '../db/database.js';
import type { ModelIdentity } from '../types.js';
import type { EmbeddingMatch, EmbeddingStore } from './vector/embedding-store.js';
import type { IndexKind } from './vector/index-plan.js';
import type { ComparedType, SearchForm } from './vector/search-sql.js';
import { setSearchBreadth } from './vector/session-settings.js';

/** What an approximate search is measured with. */
export interface RecallQuery {
  /** `Float32Array` of length `model.dimensions`, L2-normalised. */
  vector: Float32Array;
  /** Products that are left out of the answer. */
  excludedProductIds: readonly string[];
}

/** What one setting of an index came to. */
export interface RecallStep {
  /** The value of `hnsw.ef_search` or `ivfflat.probes`. */
  breadth: number;
  /** The share of the true `k` nearest that it found, from 0 to 1, as the mean over all queries. */
  recall: number;
  /** Median time of a search. */
  medianMs: number;
}

export interface RecallLadder {
  /** Median time of a search that compares with every row. */
  exactMs: number;
  /** In the order asked for. */
  steps: RecallStep[];
}

export interface RecallLadderRequest {
  model: ModelIdentity;
  index: IndexKind;
  queries: readonly RecallQuery[];
  /** How many of the nearest count. */
  k: number;
  breadths: readonly number[];
}

/** 32-bit sums of one product differ in their last digits when they are added up in another order. */
const ROUNDING = 1e-6;

export interface RecallLadderParts {
  database: Database;
  embeddings: EmbeddingStore;
}

/**
 * Compares what an index finds with the true nearest, for each breadth of search. Each query goes through all breadths before
 * the next one does, so that what else the machine does meanwhile weighs on all of them alike.
 */
export async function climbLadder(parts: RecallLadderParts, request: RecallLadderRequest): Promise<RecallLadder> {
  const { type } = await parts.embeddings.searchForm(request.model);
  const search = new MeasuredSearch(parts, request, type);
  const exactTimes: number[] = [];
  const steps = request.breadths.map((breadth) => ({ breadth, recalls: [] as number[], times: [] as number[] }));
  // Pages that nobody has read for a while come from the disk: the first answer is for warming up.
  for (const query of request.queries.slice(0, 1)) await search.exact(query);
  for (const query of request.queries) {
    const exact = await search.exact(query);
    exactTimes.push(exact.ms);
    for (const { breadth, recalls, times } of steps) {
      const { near, ms } = await search.approximate(query, breadth);
      recalls.push(recallOf(near, exact.near));
      times.push(ms);
    }
  }
  return {
    exactMs: median(exactTimes),
    steps: steps.map(({ breadth, recalls, times }) => ({ breadth, recall: mean(recalls), medianMs: median(times) })),
  };
}

interface MeasuredAnswer {
  near: EmbeddingMatch[];
  ms: number;
}

class MeasuredSearch {
  constructor(
    private readonly parts: RecallLadderParts,
    private readonly request: RecallLadderRequest,
    private readonly type: ComparedType,
  ) {}

  exact(query: RecallQuery): Promise<MeasuredAnswer> {
    return this.nearest(this.parts.database, query, 'exact');
  }

  /** The breadth is set for one transaction, so nothing of it is left, whatever happens. */
  approximate(query: RecallQuery, breadth: number): Promise<MeasuredAnswer> {
    return this.parts.database.transaction(async (tx) => {
      await setSearchBreadth(tx, this.request.index, breadth);
      return this.nearest(tx, query, 'approximate');
    });
  }

  private async nearest(
    on: Queryable,
    { vector, excludedProductIds }: RecallQuery,
    kind: SearchForm['kind'],
  ): Promise<MeasuredAnswer> {
    const { model, k } = this.request;
    const options = { form: { kind, type: this.type }, limit: k, after: null, productIds: null, excludedProductIds };
    const startedMs = performance.now();
    const { near } = await this.parts.embeddings.nearest(model, vector, options, on);
    return { near, ms: performance.now() - startedMs };
  }
}

/** What is as near as the last of the true nearest is as good as it: of equals, either may come first. */
export function recallOf(
  found: readonly Pick<EmbeddingMatch, 'distance'>[],
  nearest: readonly Pick<EmbeddingMatch, 'distance'>[],
): number {
  const last = nearest.at(-1);
  if (last === undefined) return 1;
  const hits = found.filter(({ distance }) => distance <= last.distance + ROUNDING).length;
  return Math.min(hits, nearest.length) / nearest.length;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const ascending = values.toSorted((one, other) => one - other);
  return ascending[Math.floor(ascending.length / 2)] ?? NaN;
}
