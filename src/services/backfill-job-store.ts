import type { Database, Queryable } from '../db/database.js';
import type {
  ChunkExtent,
  ClaimedJob,
  JobKey,
  JobKind,
  JobRow,
  JobStanding,
  JobTask,
  LooseJob,
  NewJob,
} from './backfill-job.js';

/**
 * A worker that is not heard of for this long has lost its jobs. It renews them every few seconds. What is lost is back in the
 * queue a few seconds later, for the first worker that is through with a chunk: within a minute in all.
 */
export const LEASE_SECONDS = 20;

/** A job that nobody has, though nothing says why, is put into the queue again after this time. */
const FORGOTTEN_SECONDS = 30;

const NEW_LEASE = `now() + make_interval(secs => ${LEASE_SECONDS})`;

/** The jobs of the runs: SQL and rows, no choices. */
export class BackfillJobStore {
  constructor(private readonly database: Database) {}

  /** Adds jobs after those that the run has. @returns Their numbers, in order. */
  async insert(backfillId: string, jobs: readonly NewJob[], tx: Queryable): Promise<number[]> {
    const extents = jobs.map((job) => (job.kind === 'CHUNK' ? job.extent : null));
    const rows = await tx.query<{ number: number }>(
      `insert into embedding_backfill_jobs (backfill_id, number, kind, after_image_id, until_image_id, image_ids)
       select $1::uuid, coalesce((select max(number) from embedding_backfill_jobs where backfill_id = $1::uuid), -1) + place,
         kind, after_id, until_id, (select array_agg(id order by at) from jsonb_array_elements_text(ids) with ordinality as ids (id, at))
       from unnest($2::text[], $3::text[], $4::text[], $5::jsonb[])
         with ordinality as new_job (kind, after_id, until_id, ids, place)
       order by place
       returning number`,
      [
        backfillId,
        jobs.map(({ kind }) => kind),
        extents.map((extent) => (extent?.kind === 'range' ? extent.after : null)),
        extents.map((extent) => (extent?.kind === 'range' ? extent.until : null)),
        extents.map((extent) => (extent?.kind === 'images' ? JSON.stringify(extent.imageIds) : null)),
      ],
    );
    return rows.map(({ number }) => number);
  }

  /** Says which job of the queue stands for each of these jobs of a run. */
  async saveQueueJobs(
    backfillId: string,
    queueJobs: readonly { number: number; queueJobId: string | null }[],
    tx: Queryable,
  ): Promise<void> {
    await tx.query(
      `update embedding_backfill_jobs j set queue_job_id = queued.id, updated_at = now()
       from unnest($2::int[], $3::uuid[]) as queued (number, id)
       where j.backfill_id = $1::uuid and j.number = queued.number`,
      [backfillId, queueJobs.map(({ number }) => number), queueJobs.map(({ queueJobId }) => queueJobId)],
    );
  }

  /** Null where there is no such job. */
  async find(job: JobKey, tx: Queryable): Promise<JobRow | null> {
    const [row] = await tx.query<RawJob>(
      `select kind, after_image_id as after, until_image_id as until, image_ids as "imageIds",
         checkpoint_image_id as checkpoint, queue_job_id::text as "queueJobId", finished_at is not null as "isFinished",
         coalesce(lease_expires_at > now(), false) as "isHeld"
       from embedding_backfill_jobs where backfill_id = $1::uuid and number = $2::int`,
      [job.backfillId, job.number],
    );
    if (row === undefined) return null;
    const { queueJobId, isFinished, isHeld } = row;
    return { task: toTask(row), queueJobId, isFinished, isHeld };
  }

  /** Gives a job to a worker. */
  async hold(job: JobKey, workerId: string, tx: Queryable): Promise<void> {
    await tx.query(
      `update embedding_backfill_jobs set worker_id = $3::uuid, lease_expires_at = ${NEW_LEASE}, updated_at = now()
       where backfill_id = $1::uuid and number = $2::int`,
      [job.backfillId, job.number, workerId],
    );
  }

  /**
   * The fence: renews the leases of these jobs that have not run out.
   *
   * @param held - jobs of one run.
   * @returns Those that are still held, by number, with the checkpoint that is stored of each. Nothing of any other may be
   *   committed.
   */
  async renew(held: readonly ClaimedJob[], tx: Queryable): Promise<Map<number, string | null>> {
    const rows = await tx.query<{ number: number; checkpoint: string | null }>(
      `update embedding_backfill_jobs j set lease_expires_at = ${NEW_LEASE}
       from unnest($1::uuid[], $2::int[], $3::uuid[]) as held (backfill_id, number, worker_id)
       where j.backfill_id = held.backfill_id and j.number = held.number and j.worker_id = held.worker_id
         and j.finished_at is null and j.lease_expires_at > now()
       returning j.number, j.checkpoint_image_id as checkpoint`,
      columnsOf(held),
    );
    return new Map(rows.map(({ number, checkpoint }) => [number, checkpoint]));
  }

  /** How these jobs stand. One that is gone is not in it. */
  async standings(held: readonly ClaimedJob[]): Promise<JobStanding[]> {
    return this.database.query<JobStanding>(
      `select held.worker_id::text as "workerId", b.state as "runState",
         j.finished_at is null and j.worker_id is not distinct from held.worker_id and j.lease_expires_at > now() as "isHeld"
       from unnest($1::uuid[], $2::int[], $3::uuid[]) as held (backfill_id, number, worker_id)
         join embedding_backfill_jobs j on j.backfill_id = held.backfill_id and j.number = held.number
         join embedding_backfills b on b.id = j.backfill_id`,
      columnsOf(held),
    );
  }

  async saveCheckpoint(job: JobKey, checkpoint: string | null, tx: Queryable): Promise<void> {
    await tx.query(
      `update embedding_backfill_jobs set checkpoint_image_id = coalesce($3::text, checkpoint_image_id), updated_at = now()
       where backfill_id = $1::uuid and number = $2::int`,
      [job.backfillId, job.number, checkpoint],
    );
  }

  async finish(job: JobKey, tx: Queryable): Promise<void> {
    await tx.query(
      `update embedding_backfill_jobs set finished_at = now(), updated_at = now(), worker_id = null,
         lease_expires_at = null
       where backfill_id = $1::uuid and number = $2::int`,
      [job.backfillId, job.number],
    );
  }

  /** Kinds of the jobs of a run that are not done. */
  async openKinds(backfillId: string, tx: Queryable): Promise<Set<JobKind>> {
    const rows = await tx.query<{ kind: JobKind }>(
      `select distinct kind from embedding_backfill_jobs where backfill_id = $1::uuid and finished_at is null`,
      [backfillId],
    );
    return new Set(rows.map(({ kind }) => kind));
  }

  /** Lets go of a job that is not done, where the worker has it. @returns Whether it had. */
  async release(held: ClaimedJob, tx: Queryable): Promise<boolean> {
    const rows = await tx.query(
      `update embedding_backfill_jobs set worker_id = null, lease_expires_at = null, updated_at = now()
       where backfill_id = $1::uuid and number = $2::int and worker_id = $3::uuid and finished_at is null returning 1`,
      [held.backfillId, held.number, held.workerId],
    );
    return rows.length > 0;
  }

  /** Takes the jobs of a run that are not done from whoever has them. @returns Those that it took, and the others too. */
  async releaseAll(backfillId: string, tx: Queryable): Promise<LooseJob[]> {
    return tx.query<LooseJob>(
      `update embedding_backfill_jobs set worker_id = null, lease_expires_at = null, updated_at = now()
       where backfill_id = $1::uuid and finished_at is null
       returning backfill_id::text as "backfillId", number, queue_job_id::text as "queueJobId"`,
      [backfillId],
    );
  }

  /** Those that are not done and that no worker has. */
  async waiting(backfillId: string, tx: Queryable): Promise<LooseJob[]> {
    return tx.query<LooseJob>(
      `select backfill_id::text as "backfillId", number, queue_job_id::text as "queueJobId"
       from embedding_backfill_jobs where backfill_id = $1::uuid and finished_at is null and worker_id is null
       order by number`,
      [backfillId],
    );
  }

  /** Counts one more end that nobody foresaw. @returns How many there were. */
  async countUnforeseenEnd(job: JobKey, tx: Queryable): Promise<number> {
    const [row] = await tx.query<{ ends: number }>(
      `update embedding_backfill_jobs set unforeseen_ends = unforeseen_ends + 1
       where backfill_id = $1::uuid and number = $2::int returning unforeseen_ends as ends`,
      [job.backfillId, job.number],
    );
    return row?.ends ?? 0;
  }

  /** Runs of a model with jobs whose lease has run out. */
  async runsWithLapsedJobs(model: string): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `select distinct b.id::text as id from embedding_backfills b join embedding_backfill_jobs j on j.backfill_id = b.id
       where b.model = $1::text and b.finished_at is null and j.finished_at is null and j.lease_expires_at <= now()`,
      [model],
    );
    return rows.map(({ id }) => id);
  }

  /** Takes the jobs of a run from workers whose lease has run out. */
  async releaseLapsed(backfillId: string, tx: Queryable): Promise<LooseJob[]> {
    return tx.query<LooseJob>(
      `update embedding_backfill_jobs set worker_id = null, lease_expires_at = null, updated_at = now()
       where backfill_id = $1::uuid and finished_at is null and lease_expires_at <= now()
       returning backfill_id::text as "backfillId", number, queue_job_id::text as "queueJobId"`,
      [backfillId],
    );
  }

  /** A few jobs of a model's runs that have waited for long although a worker found nothing to take. */
  async forgotten(model: string): Promise<LooseJob[]> {
    return this.database.query<LooseJob>(
      `select j.backfill_id::text as "backfillId", j.number, j.queue_job_id::text as "queueJobId"
       from embedding_backfills b join embedding_backfill_jobs j on j.backfill_id = b.id
       where b.model = $1::text and b.state in ('PENDING', 'RUNNING') and j.finished_at is null and j.worker_id is null
         and j.updated_at < now() - make_interval(secs => ${FORGOTTEN_SECONDS})
       order by j.number limit 20`,
      [model],
    );
  }
}

function columnsOf(held: readonly ClaimedJob[]): unknown[] {
  return [
    held.map(({ backfillId }) => backfillId),
    held.map(({ number }) => number),
    held.map(({ workerId }) => workerId),
  ];
}

interface RawJob {
  kind: JobKind;
  after: string | null;
  until: string | null;
  imageIds: string[] | null;
  checkpoint: string | null;
  queueJobId: string | null;
  isFinished: boolean;
  isHeld: boolean;
}

function toTask({ kind, after, until, imageIds, checkpoint }: RawJob): JobTask {
  if (kind !== 'CHUNK') return { kind };
  const extent: ChunkExtent = imageIds === null ? { kind: 'range', after, until } : { kind: 'images', imageIds };
  return { kind, extent, checkpoint };
}
