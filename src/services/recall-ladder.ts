import type { Database } from '../db/database.js';
import type { ModelIdentity } from '../types.js';
import type { EmbeddingMatch, EmbeddingStore } from './vector/embedding-store.js';
import type { IndexKind } from './vector/index-plan.js';
import type { SearchForm } from './vector/search-sql.js';
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

/**
 * Compares what an index finds with the true nearest, for each breadth of search. Each query goes through all breadths before
 * the next one does, so that what else the machine does meanwhile weighs on all of them alike. A breadth is set for one
 * transaction, so nothing of it is left, whatever happens.
 */
export async function climbLadder(
  { database, embeddings }: { database: Database; embeddings: EmbeddingStore },
  { model, index, queries, k, breadths }: RecallLadderRequest,
): Promise<RecallLadder> {
  const { type } = await embeddings.searchForm(model);
  const exactTimes: number[] = [];
  const steps = breadths.map((breadth) => ({ breadth, recalls: [] as number[], times: [] as number[] }));
  const search = (query: RecallQuery, kind: SearchForm['kind'], breadth: number | null) =>
    database.transaction(async (tx) => {
      if (breadth !== null) await setSearchBreadth(tx, index, breadth);
      const { vector, excludedProductIds } = query;
      const options = { form: { kind, type }, limit: k, after: null, productIds: null, excludedProductIds };
      const startedMs = performance.now();
      const { near } = await embeddings.nearest(model, vector, options, tx);
      return { near, ms: performance.now() - startedMs };
    });
  // Pages that nobody has read for a while come from the disk: the first answer is for warming up.
  if (queries[0] !== undefined) await search(queries[0], 'exact', null);
  for (const query of queries) {
    const exact = await search(query, 'exact', null);
    exactTimes.push(exact.ms);
    for (const step of steps) {
      const { near, ms } = await search(query, 'approximate', step.breadth);
      step.recalls.push(recallOf(near, exact.near));
      step.times.push(ms);
    }
  }
  return {
    exactMs: median(exactTimes),
    steps: steps.map(({ breadth, recalls, times }) => ({ breadth, recall: mean(recalls), medianMs: median(times) })),
  };
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
