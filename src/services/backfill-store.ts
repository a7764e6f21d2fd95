import type { Database, Queryable } from '../db/database.js';
import type { ImageScope } from '../types.js';
import {
  BACKFILL_ID,
  type BackfillChunk,
  type BackfillLease,
  type BackfillOutcome,
  type BackfillRun,
  type BackfillScope,
  type BatchCounts,
} from './backfill-run.js';

/** A worker that is not heard of for this long has lost its run. Renewed by every batch and by a heartbeat. */
export const LEASE_SECONDS = 15;

const ACTIVE = `('PENDING', 'RUNNING', 'PAUSED')`;

const RUN_COLUMNS = `
  id::text, model, scope, image_scope as "imageScope", state,
  json_build_object(
    'total', total_count,
    'processed', embedded_count + skipped_count + failed_count,
    'embedded', embedded_count, 'skipped', skipped_count, 'failed', failed_count
  ) as counts,
  case when lease_expires_at > now() then images_per_second end as "imagesPerSecond",
  case when lease_expires_at > now() and images_per_second > 0
    then greatest(0, total_count - embedded_count - skipped_count - failed_count) / images_per_second
  end as "secondsLeft",
  ${isoTime('created_at')} as "createdAt", ${isoTime('started_at')} as "startedAt",
  ${isoTime('updated_at')} as "updatedAt", ${isoTime('finished_at')} as "finishedAt", error`;

/** The runs and their chunks: SQL and rows, no choices. */
export class BackfillStore {
  constructor(private readonly database: Database) {}

  /** @returns The new run, or null where the model has an active one already. */
  async insert(run: { model: string; scope: BackfillScope; imageScope: ImageScope }): Promise<BackfillRun | null> {
    const [row] = await this.database.query<BackfillRun>(
      `insert into embedding_backfills (model, scope, image_scope) values ($1::text, $2::text, $3::text)
       on conflict (model) where state in ${ACTIVE} do nothing
       returning ${RUN_COLUMNS}`,
      [run.model, run.scope, run.imageScope],
    );
    return row ?? null;
  }

  /** Null where there is no such run, and where `id` can't be one's. */
  async find(id: string): Promise<BackfillRun | null> {
    if (!BACKFILL_ID.test(id)) return null;
    const [row] = await this.database.query<BackfillRun>(
      `select ${RUN_COLUMNS} from embedding_backfills where id = $1::uuid`,
      [id],
    );
    return row ?? null;
  }

  async findActive(model: string): Promise<BackfillRun | null> {
    const [row] = await this.database.query<BackfillRun>(
      `select ${RUN_COLUMNS} from embedding_backfills where model = $1::text and state in ${ACTIVE}`,
      [model],
    );
    return row ?? null;
  }

  /** The run of a model that began last, active or not; null where there was none. */
  async findLatest(model: string): Promise<BackfillRun | null> {
    const [row] = await this.database.query<BackfillRun>(
      `select ${RUN_COLUMNS} from embedding_backfills where model = $1::text
       order by created_at desc, id desc limit 1`,
      [model],
    );
    return row ?? null;
  }

  /** Newest first, those that began before the run `after`; from the newest where `after` is null. */
  async listNewest(page: { first: number; after: string | null }): Promise<BackfillRun[]> {
    return this.database.query<BackfillRun>(
      `select ${RUN_COLUMNS} from embedding_backfills
       where $1::uuid is null
          or (created_at, id) < (select created_at, id from embedding_backfills where id = $1::uuid)
       order by created_at desc, id desc limit $2::int`,
      [page.after, page.first],
    );
  }

  /** Takes a run that waits, or whose worker was not heard of; null where there is none. */
  async claim(model: string, workerId: string): Promise<BackfillRun | null> {
    const [row] = await this.database.query<BackfillRun>(
      `update embedding_backfills set state = 'RUNNING', worker_id = $2::uuid, updated_at = now(),
         lease_expires_at = now() + make_interval(secs => ${LEASE_SECONDS}), started_at = coalesce(started_at, now())
       where model = $1::text and state in ('PENDING', 'RUNNING')
         and (lease_expires_at is null or lease_expires_at < now())
       returning ${RUN_COLUMNS}`,
      [model, workerId],
    );
    return row ?? null;
  }

  /** @returns Whether the worker still has the run. */
  async renewLease(lease: BackfillLease): Promise<boolean> {
    const rows = await this.database.query(
      `update embedding_backfills set lease_expires_at = now() + make_interval(secs => ${LEASE_SECONDS})
       where id = $1::uuid and worker_id = $2::uuid and state = 'RUNNING' returning 1`,
      [lease.backfillId, lease.workerId],
    );
    return rows.length > 0;
  }

  /** Lets go of a run that is not done, so that any worker can go on with it at once. */
  async release(lease: BackfillLease): Promise<void> {
    await this.database.query(
      `update embedding_backfills set state = 'PENDING', worker_id = null, lease_expires_at = null,
         images_per_second = null, updated_at = now()
       where id = $1::uuid and worker_id = $2::uuid and state = 'RUNNING'`,
      [lease.backfillId, lease.workerId],
    );
  }

  /** @returns Whether the worker still had the run and could end it. */
  async finish(lease: BackfillLease, outcome: BackfillOutcome): Promise<boolean> {
    const rows = await this.database.query(
      `update embedding_backfills set state = $3::text, error = $4::text, finished_at = now(), updated_at = now(),
         worker_id = null, lease_expires_at = null,
         total_count = case when $3::text = 'COMPLETED' then embedded_count + skipped_count + failed_count
                            else total_count end
       where id = $1::uuid and worker_id = $2::uuid and state = 'RUNNING' returning 1`,
      [lease.backfillId, lease.workerId, outcome.state, outcome.state === 'FAILED' ? outcome.error : null],
    );
    return rows.length > 0;
  }

  /**
   * Adds a batch to the counts and renews the lease.
   *
   * @returns Whether the worker still has the run; where not, the caller's transaction must not commit.
   */
  async addCounts(
    lease: BackfillLease,
    batch: BatchCounts & { imagesPerSecond: number | null },
    on: Queryable,
  ): Promise<boolean> {
    const rows = await on.query(
      `update embedding_backfills set embedded_count = embedded_count + $3::int, skipped_count = skipped_count + $4::int,
         failed_count = failed_count + $5::int, images_per_second = $6::float8, updated_at = now(),
         total_count = greatest(total_count, embedded_count + skipped_count + failed_count + $3::int + $4::int + $5::int),
         lease_expires_at = now() + make_interval(secs => ${LEASE_SECONDS})
       where id = $1::uuid and worker_id = $2::uuid and state = 'RUNNING' returning 1`,
      [lease.backfillId, lease.workerId, batch.embedded, batch.skipped, batch.failed, batch.imagesPerSecond],
    );
    return rows.length > 0;
  }

  /**
   * Writes the plan of a run. A run that is planned already stays as it is.
   *
   * @returns Whether the worker still has the run.
   */
  async savePlan(lease: BackfillLease, plan: { total: number; ends: readonly (string | null)[] }): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const held = await tx.query(
        `update embedding_backfills set total_count = coalesce(total_count, $3::bigint), updated_at = now()
         where id = $1::uuid and worker_id = $2::uuid and state = 'RUNNING' returning 1`,
        [lease.backfillId, lease.workerId, plan.total],
      );
      if (held.length === 0) return false;
      await tx.query(
        `insert into embedding_backfill_chunks (backfill_id, number, after_image_id, until_image_id)
         select $1::uuid, position - 1, lag(until) over (order by position), until
         from unnest($2::text[]) with ordinality as plan (until, position)
         on conflict (backfill_id, number) do nothing`,
        [lease.backfillId, plan.ends],
      );
      return true;
    });
  }

  /** The chunks that are not done, in key order. */
  async openChunks(backfillId: string): Promise<BackfillChunk[]> {
    return this.database.query<BackfillChunk>(
      `select number, after_image_id as after, until_image_id as until, checkpoint_image_id as checkpoint
       from embedding_backfill_chunks where backfill_id = $1::uuid and finished_at is null order by number`,
      [backfillId],
    );
  }

  async saveCheckpoint(
    backfillId: string,
    chunk: { number: number; checkpoint: string | null },
    on: Queryable,
  ): Promise<void> {
    await on.query(
      `update embedding_backfill_chunks set checkpoint_image_id = coalesce($3::text, checkpoint_image_id)
       where backfill_id = $1::uuid and number = $2::int`,
      [backfillId, chunk.number, chunk.checkpoint],
    );
  }

  async finishChunk(backfillId: string, number: number): Promise<void> {
    await this.database.query(
      `update embedding_backfill_chunks set finished_at = now()
       where backfill_id = $1::uuid and number = $2::int`,
      [backfillId, number],
    );
  }
}

/** ISO 8601 with milliseconds in UTC, the same from every session whatever its settings. */
export function isoTime(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
