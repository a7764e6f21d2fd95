import type { Queryable } from '../db/database.js';
import type { ClaimedJob } from '../services/backfill-job.js';
import { enqueueJobs, type EnqueuedRun } from '../services/enqueue-jobs.js';
import type { BackfillParts } from './backfill-parts.js';

/** The fence: whether this worker may still commit something of its job. Begins every transaction of one, after the lock. */
export async function holdsJob(parts: BackfillParts, job: ClaimedJob, tx: Queryable): Promise<boolean> {
  const held = await parts.jobs.renew([job], tx);
  return held.has(job.number);
}

/**
 * Ends a job, in the row and in the queue, in the transaction that commits the last of its work. Where it was the last one of
 * its run, what remains is to finish the run: any worker may do that.
 */
export async function finishJob(
  parts: BackfillParts,
  { job, target }: { job: ClaimedJob; target: EnqueuedRun },
  tx: Queryable,
): Promise<void> {
  await parts.jobs.finish(job, tx);
  await parts.queue.complete(target.model, job.queueJobId, tx);
  const open = await parts.jobs.openKinds(job.backfillId, tx);
  if (open.size === 0) await enqueueJobs(parts, target, [{ kind: 'FINISH' }], tx);
}
