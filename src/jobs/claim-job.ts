import { randomUUID } from 'node:crypto';
import type { Queryable } from '../db/database.js';
import type { BackfillState } from '../services/backfill-run.js';
import { sendJobs } from '../services/enqueue-jobs.js';
import type { JobKey, JobRow } from '../services/backfill-job.js';
import type { BackfillParts } from './backfill-parts.js';
import { HeldJob } from './held-job.js';
import type { QueuedJob } from './queue.js';

const FINAL: ReadonlySet<BackfillState> = new Set(['COMPLETED', 'CANCELLED', 'FAILED']);

/**
 * Takes the next job of the model. Fetching it from the queue and holding its row are one transaction, so that a kill in
 * between leaves it where it was. Jobs that stand for nothing any more are dropped on the way.
 *
 * @param isWanted - asked before each try.
 * @returns Null where there is none.
 */
export async function claimJob(parts: BackfillParts, isWanted: () => boolean): Promise<HeldJob | null> {
  while (isWanted()) {
    const claimed = await parts.database.transaction((tx) => tryToClaim(parts, tx));
    if (claimed !== 'dropped') return claimed;
  }
  return null;
}

/** The queue's row comes before the run's here: it was free, so nobody waits for it who has the run. */
async function tryToClaim(parts: BackfillParts, tx: Queryable): Promise<HeldJob | null | 'dropped'> {
  const { queue, runs, jobs, model } = parts;
  const queued = await queue.fetch(model.name, tx);
  if (queued === null) return null;
  const state = await runs.lock(queued.backfillId, tx);
  const row = await jobs.find(queued, tx);
  if (state === null || row === null || !isToBeDone(state, row, queued)) {
    await queue.complete(model.name, queued.queueJobId, tx);
    return 'dropped';
  }
  if (state === 'PAUSED') {
    await shelve(parts, queued, tx);
    return 'dropped';
  }
  const workerId = randomUUID();
  await jobs.hold(queued, workerId, tx);
  await runs.markRunning(queued.backfillId, tx);
  const run = await runs.find(queued.backfillId, tx);
  return run === null ? 'dropped' : new HeldJob(run, { ...queued, task: row.task, workerId });
}

function isToBeDone(state: BackfillState, row: JobRow, queued: QueuedJob): boolean {
  return !FINAL.has(state) && !row.isFinished && !row.isHeld && row.queueJobId === queued.queueJobId;
}

/** Takes the job of a paused run out of the queue; resuming puts it back. */
async function shelve({ queue, jobs, model }: BackfillParts, job: QueuedJob, tx: Queryable): Promise<void> {
  await queue.complete(model.name, job.queueJobId, tx);
  await jobs.saveQueueJobs(job.backfillId, [{ number: job.number, queueJobId: null }], tx);
}

/** Lets go of a job, for any worker to take up where it stood. */
export async function releaseJob(parts: BackfillParts, { job }: HeldJob): Promise<void> {
  await parts.database.transaction(async (tx) => {
    const state = await parts.runs.lock(job.backfillId, tx);
    if (state === null || !(await parts.jobs.release(job, tx))) return;
    await requeue(parts, { job, state }, tx);
    await parts.runs.markPending(job.backfillId, tx);
  });
}

/** Puts jobs back whose worker was not heard of for too long. Any process may do so at any time. */
export async function requeueLapsedJobs(parts: BackfillParts): Promise<void> {
  for (const id of await parts.jobs.runsWithLapsedJobs(parts.model.name)) {
    await parts.database.transaction(async (tx) => {
      const state = await parts.runs.lock(id, tx);
      if (state === null) return;
      const lapsed = await parts.jobs.releaseLapsed(id, tx);
      for (const job of lapsed) await requeue(parts, { job, state }, tx);
      await parts.runs.markPending(id, tx);
      if (lapsed.length > 0)
        parts.log.warn({ backfillId: id, jobs: lapsed.length }, 'took jobs from a worker that is gone');
    });
  }
}

/**
 * Puts jobs into the queue again that nobody has although no worker finds them there: the queue's tables may have been emptied
 * or restored. To be called by a worker that found nothing.
 */
export async function resendForgottenJobs(parts: BackfillParts): Promise<void> {
  for (const job of await parts.jobs.forgotten(parts.model.name)) {
    await parts.database.transaction(async (tx) => {
      const state = await parts.runs.lock(job.backfillId, tx);
      const row = await parts.jobs.find(job, tx);
      const isForgotten = row !== null && !row.isFinished && !row.isHeld && row.queueJobId === job.queueJobId;
      if (isForgotten && (state === 'PENDING' || state === 'RUNNING'))
        await sendJobs(parts, { id: job.backfillId, model: parts.model.name }, [job.number], tx);
    });
  }
}

interface LooseInState {
  job: JobKey & { queueJobId: string | null };
  state: BackfillState;
}

async function requeue(parts: BackfillParts, { job, state }: LooseInState, tx: Queryable): Promise<void> {
  const { queue, jobs, model } = parts;
  const { queueJobId } = job;
  if (state === 'PENDING' || state === 'RUNNING') {
    const isBack = queueJobId !== null && (await queue.putBack(model.name, queueJobId, tx));
    if (!isBack) await sendJobs(parts, { id: job.backfillId, model: model.name }, [job.number], tx);
  } else {
    if (queueJobId !== null) await queue.complete(model.name, queueJobId, tx);
    await jobs.saveQueueJobs(job.backfillId, [{ number: job.number, queueJobId: null }], tx);
  }
}
