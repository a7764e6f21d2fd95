import type { BackfillState } from '../services/backfill-run.js';
import type { BackfillParts } from './backfill-parts.js';
import type { HeldJob } from './held-job.js';

/**
 * Looks how the jobs stand that a worker has, and tells each of them: that is how a pause or a cancel reaches every process.
 *
 * @param watched.renews - whether to renew the leases too.
 */
export async function watchHeldJobs(
  parts: BackfillParts,
  watched: { held: readonly HeldJob[]; renews: boolean },
): Promise<void> {
  const { held, renews } = watched;
  if (held.length === 0) return;
  if (renews) await renewLeases(parts, held);
  const standings = await parts.jobs.standings(held.map(({ job }) => job));
  const byClaim = new Map(standings.map((standing) => [standing.workerId, standing]));
  for (const one of held) {
    const standing = byClaim.get(one.job.workerId);
    if (one.isOver) continue;
    if (standing?.isHeld !== true) one.lose();
    else if (isStopped(standing.runState)) one.stop();
  }
}

function isStopped(state: BackfillState): boolean {
  return state !== 'RUNNING' && state !== 'PENDING';
}

/** Run by run and behind its row, as every transaction that touches jobs, so that none of them wait for each other. */
async function renewLeases(parts: BackfillParts, held: readonly HeldJob[]): Promise<void> {
  for (const backfillId of new Set(held.map(({ job }) => job.backfillId))) {
    const jobs = held.map(({ job }) => job).filter((job) => job.backfillId === backfillId);
    await parts.database.transaction(async (tx) => {
      await parts.runs.lock(backfillId, tx);
      await parts.jobs.renew(jobs, tx);
    });
  }
}
