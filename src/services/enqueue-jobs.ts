import type { Queryable } from '../db/database.js';
import type { JobSender, NewJob } from './backfill-job.js';
import type { BackfillJobStore } from './backfill-job-store.js';

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
  await sendJobs(writers, run, numbers, tx);
}

/** Puts jobs of a run that no worker has into the queue; what stood for them there is out of date by it. */
export async function sendJobs(
  { jobs, queue }: JobWriters,
  run: { id: string; model: string },
  numbers: readonly number[],
  tx: Queryable,
): Promise<void> {
  const queued: { number: number; queueJobId: string }[] = [];
  for (const number of numbers) {
    queued.push({ number, queueJobId: await queue.send(run.model, { backfillId: run.id, number }, tx) });
  }
  await jobs.saveQueueJobs(run.id, queued, tx);
}
