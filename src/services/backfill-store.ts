import type { Database, Queryable } from '../db/database.js';
import type { ImageScope } from '../types.js';
import { RATE_SECONDS, RUN_COLUMNS } from './backfill-columns.js';
import {
  BACKFILL_ID,
  type BackfillRun,
  type BackfillScope,
  type BackfillState,
  type CountsAdded,
  type StageSums,
} from './backfill-run.js';

const ACTIVE = `('PENDING', 'RUNNING', 'PAUSED')`;

/** A row of {@link RUN_COLUMNS}: a run without what follows from the rest. */
type RunRow = BackfillRun;

/** What is written of a new run. */
export interface NewRun {
  model: string;
  scope: BackfillScope;
  imageScope: ImageScope;
  productIds?: readonly string[] | null;
  /** Images that it goes over, where it is planned already. */
  total?: number;
}

/** The runs: SQL and rows, no choices. Their jobs are in `backfill-job-store.ts`. */
export class BackfillStore {
  constructor(private readonly database: Database) {}

  /** @returns The new run, or null where the model has an active one already. */
  async insert(run: NewRun, on: Queryable = this.database): Promise<BackfillRun | null> {
    return one(
      await on.query<RunRow>(
        `insert into embedding_backfills as b (model, scope, image_scope, product_ids, total_count)
         values ($1::text, $2::text, $3::text, $4::text[], $5::bigint)
         on conflict (model) where state in ${ACTIVE} do nothing
         returning ${RUN_COLUMNS}`,
        [run.model, run.scope, run.imageScope, run.productIds ?? null, run.total ?? null],
      ),
    );
  }

  /** Null where there is no such run, and where `id` can't be one's. */
  async find(id: string, on: Queryable = this.database): Promise<BackfillRun | null> {
    if (!BACKFILL_ID.test(id)) return null;
    return one(await on.query<RunRow>(`select ${RUN_COLUMNS} from embedding_backfills b where b.id = $1::uuid`, [id]));
  }

  async findActive(model: string): Promise<BackfillRun | null> {
    return one(
      await this.database.query<RunRow>(
        `select ${RUN_COLUMNS} from embedding_backfills b where b.model = $1::text and b.state in ${ACTIVE}`,
        [model],
      ),
    );
  }

  /** The active runs of all models, newest first. */
  async listActive(): Promise<BackfillRun[]> {
    const rows = await this.database.query<RunRow>(
      `select ${RUN_COLUMNS} from embedding_backfills b where b.state in ${ACTIVE} order by b.created_at desc, b.id desc`,
    );
    return rows.map(toRun);
  }

  /** The run of a model that began last, active or not; null where there was none. */
  async findLatest(model: string): Promise<BackfillRun | null> {
    return one(
      await this.database.query<RunRow>(
        `select ${RUN_COLUMNS} from embedding_backfills b where b.model = $1::text
         order by b.created_at desc, b.id desc limit 1`,
        [model],
      ),
    );
  }

  /** Newest first, those that began before the run `after`; from the newest where `after` is null. */
  async listNewest(page: { first: number; after: string | null }): Promise<BackfillRun[]> {
    const rows = await this.database.query<RunRow>(
      `select ${RUN_COLUMNS} from embedding_backfills b
       where $1::uuid is null
          or (b.created_at, b.id) < (select created_at, id from embedding_backfills where id = $1::uuid)
       order by b.created_at desc, b.id desc limit $2::int`,
      [page.after, page.first],
    );
    return rows.map(toRun);
  }

  /**
   * Takes the run's row until the transaction ends. Every transaction that changes a run or its jobs begins with it, so
   * that they come one after another and no two wait for each other.
   *
   * @returns The run's state; null where there is no such run.
   */
  async lock(id: string, tx: Queryable): Promise<BackfillState | null> {
    const [row] = await tx.query<{ state: BackfillState }>(
      `select state from embedding_backfills where id = $1::uuid for no key update`,
      [id],
    );
    return row?.state ?? null;
  }

  /** A worker has a part of it. */
  async markRunning(id: string, tx: Queryable): Promise<void> {
    await tx.query(
      `update embedding_backfills set state = 'RUNNING', started_at = coalesce(started_at, now()),
         running_since = case when state = 'RUNNING' then running_since else now() end, updated_at = now()
       where id = $1::uuid and state in ('PENDING', 'RUNNING') and (state <> 'RUNNING' or running_since is null)`,
      [id],
    );
  }

  /** No worker has any part of it, though it is not done. */
  async markPending(id: string, tx: Queryable): Promise<void> {
    await tx.query(
      `update embedding_backfills set state = 'PENDING', updated_at = now()
       where id = $1::uuid and state = 'RUNNING' and not exists (
         select from embedding_backfill_jobs where backfill_id = $1::uuid and finished_at is null and worker_id is not null
       )`,
      [id],
    );
  }

  async pause(id: string, tx: Queryable): Promise<void> {
    await tx.query(`update embedding_backfills set state = 'PAUSED', updated_at = now() where id = $1::uuid`, [id]);
  }

  /** A paused run waits for workers again, or for none where they have not let go of it yet. */
  async resume(id: string, tx: Queryable): Promise<void> {
    await tx.query(
      `update embedding_backfills set updated_at = now(), state = case when exists (
         select from embedding_backfill_jobs where backfill_id = $1::uuid and finished_at is null and worker_id is not null
       ) then 'RUNNING' else 'PENDING' end
       where id = $1::uuid`,
      [id],
    );
  }

  /** Ends a run that has not ended. All that a completed one went over is its total. */
  async finish(id: string, outcome: BackfillOutcome, tx: Queryable): Promise<void> {
    await tx.query(
      `update embedding_backfills set state = $2::text, error = $3::text, finished_at = now(), updated_at = now(),
         total_count = case when $2::text = 'COMPLETED' then embedded_count + skipped_count + failed_count
                            else total_count end
       where id = $1::uuid and finished_at is null`,
      [id, outcome.state, outcome.state === 'FAILED' ? outcome.error : null],
    );
  }

  async saveTotal(id: string, total: number, tx: Queryable): Promise<void> {
    await tx.query(`update embedding_backfills set total_count = $2::bigint, updated_at = now() where id = $1::uuid`, [
      id,
      total,
    ]);
  }

  /** Adds to the counts; the total follows where more was done than was planned. */
  async addCounts(id: string, added: CountsAdded, tx: Queryable): Promise<void> {
    await tx.query(
      `update embedding_backfills set embedded_count = embedded_count + $2::int,
         skipped_count = skipped_count + $3::int, failed_count = failed_count + $4::int, updated_at = now(),
         total_count = greatest(total_count, embedded_count + skipped_count + failed_count + $2::int + $3::int + $4::int)
       where id = $1::uuid`,
      [id, added.embedded, added.skipped, added.failed],
    );
  }

  /** Notes that images were done just now, for the rate. */
  async addSample(id: string, images: number, tx: Queryable): Promise<void> {
    await tx.query(
      `with old as (
         delete from embedding_backfill_samples
         where backfill_id = $1::uuid and stored_at < now() - make_interval(secs => ${2 * RATE_SECONDS})
       )
       insert into embedding_backfill_samples (backfill_id, images) values ($1::uuid, $2::int)`,
      [id, images],
    );
  }

  async addStageTimes(id: string, sums: StageSums & { storeMs: number }, tx: Queryable): Promise<void> {
    await tx.query(
      `update embedding_backfills set download_ms = download_ms + $2::bigint, decode_ms = decode_ms + $3::bigint,
         encode_ms = encode_ms + $4::bigint, store_ms = store_ms + $5::bigint
       where id = $1::uuid`,
      [id, ...[sums.downloadMs, sums.decodeMs, sums.encodeMs, sums.storeMs].map(Math.round)],
    );
  }

  /** Images a second of the model's last completed run that embedded some, pauses included; null where there is none. */
  async lastRate(model: string): Promise<number | null> {
    const [row] = await this.database.query<{ rate: number }>(
      `select embedded_count / greatest(extract(epoch from finished_at - started_at), 0.001)::float8 as rate
       from embedding_backfills
       where model = $1::text and state = 'COMPLETED' and embedded_count > 0
       order by created_at desc limit 1`,
      [model],
    );
    return row?.rate ?? null;
  }

  /** Forgets all runs of a model, and all that belongs to them. */
  async removeOf(model: string, tx: Queryable): Promise<void> {
    await tx.query(`delete from embedding_backfills where model = $1::text`, [model]);
  }

  /** Forgets runs that ended so long ago, and all that belongs to them. @returns How many. */
  async removeEndedBefore(days: number): Promise<number> {
    const rows = await this.database.query(
      `delete from embedding_backfills where finished_at < now() - make_interval(days => $1::int) returning 1`,
      [days],
    );
    return rows.length;
  }
}

/** How a run ends. */
export type BackfillOutcome = { state: 'COMPLETED' } | { state: 'CANCELLED' } | { state: 'FAILED'; error: string };

function one(rows: RunRow[]): BackfillRun | null {
  return rows[0] === undefined ? null : toRun(rows[0]);
}

function toRun(row: RunRow): BackfillRun {
  const { imagesPerSecond, counts } = row;
  const left = counts.total === null ? null : Math.max(0, counts.total - counts.processed);
  const isKnown = left !== null && imagesPerSecond !== null && imagesPerSecond > 0;
  return { ...row, secondsLeft: isKnown ? left / imagesPerSecond : null };
}
