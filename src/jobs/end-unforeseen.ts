import type { BackfillParts } from './backfill-parts.js';
import type { HeldJob } from './held-job.js';

/** A job that ends in a way that nobody foresaw is tried again so often: what was the matter may pass. */
const TRIES = 5;

/** Counts the end against the jobs that were in hand, and fails the runs of those that have ended so too often. */
export async function endUnforeseen(parts: BackfillParts, jobs: readonly HeldJob[]): Promise<void> {
  const hopeless: HeldJob[] = [];
  for (const held of jobs) {
    if ((await parts.jobs.countUnforeseenEnd(held.job)) >= TRIES) hopeless.push(held);
  }
  await failRuns(parts, hopeless, 'An unexpected error ended the backfill; the log says more.');
}

/** Ends the runs of these jobs as FAILED, and takes their other jobs from whoever has them. */
export async function failRuns(parts: BackfillParts, jobs: readonly HeldJob[], error: string): Promise<void> {
  for (const id of new Set(jobs.map(({ job }) => job.backfillId))) {
    await parts.database.transaction(async (tx) => {
      await parts.runs.lock(id, tx);
      await parts.runs.finish(id, { state: 'FAILED', error }, tx);
      await parts.jobs.releaseAll(id, tx);
    });
  }
}
