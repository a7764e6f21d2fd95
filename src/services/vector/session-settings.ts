import type { Queryable } from '../../db/database.js';
import type { IndexKind } from './index-plan.js';

export interface VectorSessionOptions {
  /** HNSW candidates that a search keeps: more find more of the true nearest, and take longer. */
  efSearch: number;
  /** Lists that an IVFFlat search reads. `ivfflatLists` makes lists of about a thousand rows. */
  probes: number;
  engine: 'server' | 'embedded';
}

/**
 * A process that is stopped or vanishes inside a transaction keeps what it locked for no longer than this: less than a lease,
 * so that others can take up its work.
 */
const IDLE_IN_TRANSACTION_SECONDS = 15;

/** Rows that an index scan may look at before it gives up on filling the limit. pgvector's default is 20,000. */
const MAX_SCAN_TUPLES = 40_000;

/**
 * The SQL that sets how a connection searches; for `onConnect` of the vector database.
 *
 * Iterative scans go on until the limit is filled, also where most of what is near is filtered out (pgvector 0.8 and
 * newer). IVFFlat knows them only in relaxed order, which is why the store sorts what it gets. Postgres's price of a
 * random page, 4, is that of a spinning disk: it makes the planner read 10,000 vectors rather than the index.
 */
export function vectorSessionSettings({ efSearch, probes, engine }: VectorSessionOptions): string {
  return [
    // The embedded Postgres has one session for all, and a limit of its own.
    ...(engine === 'server' ? [`set idle_in_transaction_session_timeout = '${IDLE_IN_TRANSACTION_SECONDS}s'`] : []),
    `set hnsw.ef_search = ${Math.trunc(efSearch)}`,
    'set hnsw.iterative_scan = strict_order',
    `set hnsw.max_scan_tuples = ${MAX_SCAN_TUPLES}`,
    `set ivfflat.probes = ${Math.trunc(probes)}`,
    'set ivfflat.iterative_scan = relaxed_order',
    'set random_page_cost = 1.1',
  ].join('; ');
}

/** How widely an index is searched, for each kind of index: more finds more of the true nearest, and takes longer. */
export const SEARCH_BREADTH: Readonly<Record<IndexKind, { parameter: string; variable: string }>> = {
  hnsw: { parameter: 'hnsw.ef_search', variable: 'HNSW_EF_SEARCH' },
  ivfflat: { parameter: 'ivfflat.probes', variable: 'IVFFLAT_PROBES' },
};

/** Sets how widely indexes of a kind are searched until the transaction ends, however it ends. */
export async function setSearchBreadth(tx: Queryable, kind: IndexKind, breadth: number): Promise<void> {
  await tx.query(`select set_config($1::text, $2::text, true)`, [SEARCH_BREADTH[kind].parameter, String(breadth)]);
}
