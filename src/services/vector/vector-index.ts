import type { Database, Queryable } from '../../db/database.js';
import type { Log } from '../../log.js';
import type { ModelIdentity } from '../../types.js';
import { planIndex, type ExistingIndex, type IndexKind, type IndexPlan, type IndexRecipe } from './index-plan.js';
import { partitionName } from './partition.js';
import { indexedExpression, type ComparedType, type SearchForm } from './search-sql.js';

export interface VectorIndexOptions {
  database: Database;
  /** Whether the database is the embedded one: it builds with everything else stopped, and knows no `concurrently`. */
  engine: 'server' | 'embedded';
  /** The index to build; `none` scans every row whatever it takes. */
  kind: IndexKind | 'none';
  /** Up to so many rows a search scans all of them; null for the engine's own default. */
  exactSearchRows: number | null;
  log: Log;
}

/**
 * Rows up to which a search that looks at all of them is quick enough: about 10 ms for a server's 20,000, 25 ms for 10,000
 * in the embedded Postgres, where every row that goes into an index costs 2.4 ms during which nothing else is answered.
 */
const DEFAULT_EXACT_SEARCH_ROWS = { server: 20_000, embedded: 10_000 } as const;

const COMPARED_TYPE: Record<VectorIndexOptions['engine'], ComparedType> = { server: 'halfvec', embedded: 'vector' };

/** How long it may take until a process notices an index that another one has built or dropped. */
const FORM_TTL_MS = 30_000;

/** An HNSW build is many times slower once its graph outgrows this memory; Postgres's default is 64 MB. */
const BUILD_MEMORY_BYTES = 256 * 1024 * 1024;

/** Decides when a model's embeddings need an index, keeps it there, and knows which form of search may use it. */
export class VectorIndex {
  private readonly forms = new Map<string, { form: Promise<SearchForm>; freshUntilMs: number }>();

  constructor(
    private readonly options: VectorIndexOptions,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** The form that the next search should have. Asks the database once in a while. */
  searchForm(model: ModelIdentity): Promise<SearchForm> {
    const known = this.forms.get(model.name);
    if (known !== undefined && this.nowMs() < known.freshUntilMs) return known.form;
    const form = this.readForm(model);
    this.forms.set(model.name, { form, freshUntilMs: this.nowMs() + FORM_TTL_MS });
    form.catch(() => this.forms.delete(model.name));
    return form;
  }

  /** The index that approximate searches of the model take; null where they compare with every row. Asks the database. */
  async servingIndex(model: ModelIdentity): Promise<ExistingIndex | null> {
    const indexes = await readIndexes(this.options.database, partitionName(model.name));
    return indexes.find((index) => index.isValid) ?? null;
  }

  /**
   * Builds the index that the model's embeddings need, replaces one of another kind, and drops one that is not wanted.
   * To be called after a load: building then is far cheaper than adding row by row. While another process builds, it
   * returns at once.
   *
   * @throws ServiceUnavailableError when the database can't be reached.
   */
  async ensureIndex(model: ModelIdentity): Promise<void> {
    await this.options.database.session((session) => this.underLock(session, model));
    this.forms.delete(model.name);
  }

  /** Whether searches of the model have to compare with every row although it has more of them than that is meant for. */
  async isMissing(model: ModelIdentity): Promise<boolean> {
    const { database } = this.options;
    const partition = partitionName(model.name);
    const [rows, existing] = [await countRows(database, partition), await readIndexes(database, partition)];
    return this.planFor(rows, existing).build !== null && !existing.some((index) => index.isValid);
  }

  private planFor(rows: number, existing: readonly ExistingIndex[]): IndexPlan {
    const { engine, kind, exactSearchRows } = this.options;
    return planIndex({ rows, existing, kind, exactSearchRows: exactSearchRows ?? DEFAULT_EXACT_SEARCH_ROWS[engine] });
  }

  /** The lock of a session ends with its connection, so a killed build leaves none behind, only an invalid index. */
  private async underLock(session: Queryable, model: ModelIdentity): Promise<void> {
    const lock = [`index ${partitionName(model.name)}`];
    const [row] = await session.query<{ isOurs: boolean }>(
      `select pg_try_advisory_lock(hashtextextended($1::text, 0)) as "isOurs"`,
      lock,
    );
    if (row?.isOurs !== true) return;
    try {
      await this.bringUpToDate(session, model);
    } finally {
      await session.query(`select pg_advisory_unlock(hashtextextended($1::text, 0))`, lock);
    }
  }

  private async bringUpToDate(session: Queryable, model: ModelIdentity): Promise<void> {
    const partition = partitionName(model.name);
    const [rows, existing] = [await countRows(session, partition), await readIndexes(session, partition)];
    const plan = this.planFor(rows, existing);
    for (const index of plan.dropFirst) await this.drop(session, index);
    if (plan.build !== null) await this.build(session, { model, rows, recipe: plan.build });
    for (const index of plan.dropAfterwards) await this.drop(session, index);
    // The planner takes an index only where it knows how many rows there are.
    await session.query(`analyze ${partition}`);
  }

  private async build(session: Queryable, work: IndexBuild): Promise<void> {
    const { log } = this.options;
    const { model, rows, recipe } = work;
    log.info({ model: model.name, kind: recipe.kind, rows }, 'building the vector index');
    const startedMs = this.nowMs();
    await withBuildSettings(session, () => session.query(this.buildSql(model, recipe)));
    log.info(
      { model: model.name, kind: recipe.kind, ms: Math.round(this.nowMs() - startedMs) },
      'built the vector index',
    );
  }

  private buildSql(model: ModelIdentity, recipe: IndexRecipe): string {
    const partition = partitionName(model.name);
    const type = COMPARED_TYPE[this.options.engine];
    const parameters = recipe.kind === 'ivfflat' ? ` with (lists = ${recipe.lists})` : '';
    return `create index ${this.concurrently()} if not exists ${partition}_${recipe.suffix} on ${partition}
      using ${recipe.kind} (${indexedExpression(model, type)} ${type}_ip_ops)${parameters}`;
  }

  private async drop(session: Queryable, { name }: ExistingIndex): Promise<void> {
    await session.query(`drop index ${this.concurrently()} if exists ${name}`);
  }

  /** Reads and writes go on while a server builds. */
  private concurrently(): string {
    return this.options.engine === 'server' ? 'concurrently' : '';
  }

  private async readForm(model: ModelIdentity): Promise<SearchForm> {
    const index = await this.servingIndex(model);
    const type = COMPARED_TYPE[this.options.engine];
    return index === null ? { kind: 'exact', type } : { kind: 'approximate', type, index: index.kind };
  }
}

interface IndexBuild {
  model: ModelIdentity;
  rows: number;
  recipe: IndexRecipe;
}

async function countRows(on: Queryable, partition: string): Promise<number> {
  const [row] = await on.query<{ count: number }>(`select count(*)::float8 as count from ${partition}`);
  return row?.count ?? 0;
}

function readIndexes(on: Queryable, partition: string): Promise<ExistingIndex[]> {
  return on.query(
    `select index_class.relname as name, pg_am.amname as kind, pg_index.indisvalid as "isValid",
       (select option_value::int from pg_options_to_table(index_class.reloptions) where option_name = 'lists') as lists
     from pg_index
       join pg_class index_class on index_class.oid = pg_index.indexrelid
       join pg_am on pg_am.oid = index_class.relam
     where pg_index.indrelid = to_regclass($1::text) and pg_am.amname in ('hnsw', 'ivfflat')
     order by index_class.relname`,
    [partition],
  );
}

/** A build may take as long as it needs, and memory that makes it quick; the session is as it was afterwards. */
async function withBuildSettings(session: Queryable, build: () => Promise<unknown>): Promise<void> {
  await session.query(
    `select set_config('statement_timeout', '0', false), set_config('maintenance_work_mem',
       (greatest(pg_size_bytes(current_setting('maintenance_work_mem')), $1::bigint) / 1024)::text || 'kB', false)`,
    [BUILD_MEMORY_BYTES],
  );
  try {
    await build();
  } finally {
    await session.query('reset statement_timeout; reset maintenance_work_mem').catch(() => undefined);
  }
}
