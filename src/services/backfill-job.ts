import type { Queryable } from '../db/database.js';
import type { BackfillState } from './backfill-run.js';

/** What a chunk goes over: a range of image keys, `after < key <= until`, either end open where null, or the images listed. */
export type ChunkExtent =
  { kind: 'range'; after: string | null; until: string | null } | { kind: 'images'; imageIds: readonly string[] };

/** What one job of a run does. `PLAN` cuts the run into chunks, `CHUNK` embeds one, `FINISH` ends the run. */
export type JobTask =
  { kind: 'PLAN' } | { kind: 'CHUNK'; extent: ChunkExtent; checkpoint: string | null } | { kind: 'FINISH' };

export type JobKind = JobTask['kind'];

/** Names a job: a run and the job's number in it. */
export interface JobKey {
  backfillId: string;
  number: number;
}

/** A job that is to be done, as it is written. */
export type NewJob = Exclude<JobTask, { kind: 'CHUNK' }> | { kind: 'CHUNK'; extent: ChunkExtent };

/** A job in the hands of a worker. */
export interface ClaimedJob extends JobKey {
  task: JobTask;
  /** Names this claim of the worker: a later one of the same worker is another, so that an old one can't pass for it. */
  workerId: string;
  /** The job of the queue that stands for it. */
  queueJobId: string;
}

/** A job as its row has it. */
export interface JobRow {
  task: JobTask;
  queueJobId: string | null;
  isFinished: boolean;
  /** Whether a worker has it whose lease has not run out. */
  isHeld: boolean;
}

/** How a job stands that a worker thinks it has. */
export interface JobStanding extends Pick<ClaimedJob, 'workerId'> {
  runState: BackfillState;
  /** Whether it is still this worker's, by this claim, and the lease has not run out. */
  isHeld: boolean;
}

/** A job that is in nobody's hands, and the queue's job that stood for it. */
export interface LooseJob extends JobKey {
  queueJobId: string | null;
}

/** Puts jobs where workers take them from. */
export interface JobSender {
  /** Makes sure that there is a queue for the model; to be called before `send`, and outside a transaction. */
  ensureModel(model: string): Promise<void>;
  /**
   * Adds a job to the queue of a model, as part of the transaction that writes its row.
   *
   * @returns The id of the queue's job.
   */
  send(model: string, job: JobKey, on: Queryable): Promise<string>;
}
