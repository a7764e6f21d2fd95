import { AppError, ModelUnavailableError } from '../errors.js';
import type { BackfillParts } from './backfill-parts.js';
import { releaseJob } from './claim-job.js';
import { holdsJob } from './finish-job.js';
import type { HeldJob } from './held-job.js';

/**
 * A job that ends in a way that nobody foresaw is tried again so often, by whichever worker: what was the matter may pass, or
 * be that of one process.
 */
const TRIES = 5;

/** Lets go of all that a worker has when something happened that is not one image's fault. */
export async function letGoInTrouble(
  parts: BackfillParts,
  trouble: { held: readonly HeldJob[]; error: unknown; isForeseen: boolean },
): Promise<void> {
  const { error, isForeseen } = trouble;
  const held = trouble.held.filter(({ isLost }) => !isLost);
  const backfillIds = [...new Set(held.map(({ run }) => run.id))];
  if (isForeseen) {
    parts.log.warn({ err: error, backfillIds }, 'backfill interrupted; it goes on where it stood');
  } else {
    parts.log.error({ err: error, backfillIds }, 'backfill interrupted by something that may not pass');
    for (const one of held) await chargeWith(parts, one, error);
  }
  for (const one of held) await releaseJob(parts, one);
}

/** What is told in a sentence and is not the model's ends the run: nothing that another try could change. */
async function chargeWith(parts: BackfillParts, { job }: HeldJob, error: unknown): Promise<void> {
  const isFinal = error instanceof AppError && !(error instanceof ModelUnavailableError);
  const hasEnded = await parts.database.transaction(async (tx) => {
    await parts.runs.lock(job.backfillId, tx);
    if (!(await holdsJob(parts, job, tx))) return false;
    const ends = await parts.jobs.countUnforeseenEnd(job, tx);
    if (!isFinal && ends < TRIES) return false;
    await parts.runs.finish(job.backfillId, { state: 'FAILED', error: messageOf(error) }, tx);
    await parts.jobs.releaseAll(job.backfillId, tx);
    return true;
  });
  if (hasEnded) parts.observer.ended('FAILED');
}

function messageOf(error: unknown): string {
  return error instanceof AppError ? error.message : 'An unexpected error ended the backfill; the log says more.';
}
