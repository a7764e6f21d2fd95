import { LeaseLostError, type BackfillParts } from './backfill-parts.js';
import { holdsJob } from './finish-job.js';
import type { HeldJob } from './held-job.js';
import { sweepLeftImages } from './sweep.js';

/**
 * Ends a run that went over all its chunks: removes what the catalogue no longer has, brings the index up to date, and
 * completes the run, unless chunks were added meanwhile.
 *
 * @throws LeaseLostError where the job is no longer this worker's.
 */
export async function finishBackfill(parts: BackfillParts, held: HeldJob): Promise<void> {
  const { run } = held;
  const removed = await sweepLeftImages(parts, held);
  if (removed > 0)
    parts.log.info({ backfillId: run.id, removed }, 'removed embeddings of images that left the catalogue');
  held.signal.throwIfAborted();
  await bringIndexUpToDate(parts, run.id);
  if (!(await complete(parts, held))) return;
  parts.observer.ended('COMPLETED');
  const { counts, state } = (await parts.runs.find(run.id)) ?? run;
  parts.log.info({ backfillId: run.id, state, ...counts }, 'backfill done');
}

/** @returns Whether that was the end of the run. */
async function complete(parts: BackfillParts, { run, job }: HeldJob): Promise<boolean> {
  return parts.database.transaction(async (tx) => {
    const state = await parts.runs.lock(run.id, tx);
    // A paused run does not end: the job is let go, and done again when it is resumed.
    if (state === 'PAUSED' || !(await holdsJob(parts, job, tx))) throw new LeaseLostError();
    await parts.jobs.finish(job, tx);
    await parts.queue.complete(run.model, job.queueJobId, tx);
    const open = await parts.jobs.openKinds(run.id, tx);
    if (open.size > 0) return false;
    await parts.runs.finish(run.id, { state: 'COMPLETED' }, tx);
    return true;
  });
}

/** Everything is embedded by now, and searches are exact without an index: a build that fails is no failure of the run. */
async function bringIndexUpToDate(parts: BackfillParts, backfillId: string): Promise<void> {
  await parts.index.ensureIndex(parts.model).catch((error: unknown) => {
    parts.log.error({ err: error, backfillId }, 'could not build the index; the next backfill tries again');
  });
}
