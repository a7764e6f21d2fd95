export type IndexKind = 'hnsw' | 'ivfflat';

/** An index as the database has it. `lists` is null for HNSW. */
export interface ExistingIndex {
  name: string;
  kind: IndexKind;
  /** False for what a killed build left behind. */
  isValid: boolean;
  lists: number | null;
}

/** What to build, and what the index's name ends with. */
export type IndexRecipe = { kind: 'hnsw'; suffix: string } | { kind: 'ivfflat'; suffix: string; lists: number };

/** What to do about a model's index, in this order. */
export interface IndexPlan {
  /** In the way of a build, and of no use. */
  dropFirst: ExistingIndex[];
  /** Null where an index that is there will do, or none is needed. */
  build: IndexRecipe | null;
  /** Serve searches until the new one is there. */
  dropAfterwards: ExistingIndex[];
}

export interface IndexNeeds {
  rows: number;
  existing: readonly ExistingIndex[];
  kind: IndexKind | 'none';
  /** Up to so many rows a search does without an index. */
  exactSearchRows: number;
}

/** Rows a list, and the rows from which the square root takes over: pgvector's own advice for IVFFlat. */
const ROWS_PER_LIST = 1_000;
const MANY_ROWS = 1_000_000;
const MIN_LISTS = 10;

/** An IVFFlat index is built again when its lists have become this many times too long. */
const OUTGROWN_FACTOR = 4;

/** An index that was built stays when its table shrinks: it still answers, and the table may grow again. */
export function planIndex({ rows, existing, kind, exactSearchRows }: IndexNeeds): IndexPlan {
  const kept = existing.find((index) => index.isValid && index.kind === kind && !isOutgrown(index, rows));
  const isNeeded = kind !== 'none' && kept === undefined && rows > exactSearchRows;
  return {
    dropFirst: existing.filter((index) => !index.isValid),
    build: isNeeded ? recipeOf(kind, rows) : null,
    dropAfterwards: existing.filter((index) => index.isValid && index !== kept),
  };
}

/** How many lists an IVFFlat index over so many rows should have. */
export function ivfflatLists(rows: number): number {
  const lists = rows > MANY_ROWS ? Math.sqrt(rows) : rows / ROWS_PER_LIST;
  return Math.max(MIN_LISTS, Math.round(lists));
}

function isOutgrown({ lists }: ExistingIndex, rows: number): boolean {
  return lists !== null && lists * OUTGROWN_FACTOR < ivfflatLists(rows);
}

function recipeOf(kind: IndexKind, rows: number): IndexRecipe {
  switch (kind) {
    case 'hnsw':
      return { kind, suffix: kind };
    case 'ivfflat': {
      const lists = ivfflatLists(rows);
      return { kind, suffix: `ivf${lists}`, lists };
    }
  }
}
