import type { Queryable } from '../db/database.js';
import type { JobSender, NewJob } from './backfill-job.js';
import type { BackfillJobStore, LooseJob } from './backfill-job-store.js';

export interface JobWriters {
  jobs: BackfillJobStore;
  queue: JobSender;
}

/** A run that jobs are put into the queue for. */
export interface EnqueuedRun {
  id: string;
  model: string;
  /** The jobs of a paused run are written, and put into the queue when it is resumed. */
  isPaused: boolean;
}

/** Adds jobs to a run, in the transaction that has its row. */
export async function enqueueJobs(
  writers: JobWriters,
  run: EnqueuedRun,
  newJobs: readonly NewJob[],
  tx: Queryable,
): Promise<void> {
  const numbers = await writers.jobs.insert(run.id, newJobs, tx);
  if (run.isPaused) return;
  const loose = numbers.map((number) => ({ backfillId: run.id, number, queueJobId: null }));
  await sendAgain(writers, run.model, loose, tx);
}

/** Puts jobs that no worker has into the queue; what stood for them there is out of date by it. */
export async function sendAgain(
  { jobs, queue }: JobWriters,
  model: string,
  loose: readonly LooseJob[],
  tx: Queryable,
): Promise<void> {
  for (const job of loose) await jobs.saveQueueJob(job, await queue.send(model, job, tx), tx);
}
