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
  watched: { held: readonly HeldJob[]; workerId: string; renews: boolean },
): Promise<void> {
  const { held, workerId, renews } = watched;
  if (held.length === 0) return;
  if (renews) await renewLeases(parts, held, workerId);
  const keys = held.map(({ job }) => ({ backfillId: job.backfillId, number: job.number }));
  const standings = await parts.jobs.standings(workerId, keys);
  const byKey = new Map(standings.map((standing) => [keyOf(standing), standing]));
  for (const one of held) {
    const standing = byKey.get(keyOf(one.job));
    if (one.isOver) continue;
    if (standing?.isHeld !== true) one.lose();
    else if (isStopped(standing.runState)) one.stop();
  }
}

function isStopped(state: BackfillState): boolean {
  return state !== 'RUNNING' && state !== 'PENDING';
}

/** Run by run and behind its row, as every transaction that touches jobs, so that none of them wait for each other. */
async function renewLeases(parts: BackfillParts, held: readonly HeldJob[], workerId: string): Promise<void> {
  for (const backfillId of new Set(held.map(({ job }) => job.backfillId))) {
    const numbers = held.filter(({ job }) => job.backfillId === backfillId).map(({ job }) => job.number);
    await parts.database.transaction(async (tx) => {
      await parts.runs.lock(backfillId, tx);
      await parts.jobs.renew({ backfillId, numbers, workerId }, tx);
    });
  }
}

function keyOf({ backfillId, number }: { backfillId: string; number: number }): string {
  return `${backfillId} ${number}`;
}
