import type { BackfillRun } from '../services/backfill-run.js';
import type { BackfillSteering } from '../services/backfill-steering.js';
import { EXIT } from './interruption.js';

/** Failures that are listed at the end of a run; `lookalike backfill failures` lists all. */
const LISTED_FAILURES = 20;

/** Tells what came of a run that has ended. @returns The exit code. */
export async function reportEnd(steering: BackfillSteering, run: BackfillRun): Promise<number> {
  const { embedded, skipped, failed } = run.counts;
  console.log(`${embedded} embedded, ${skipped} were already, ${failed} failed.`);
  if (run.state === 'CANCELLED') console.log('The backfill was cancelled. What is embedded stays.');
  if (run.error !== null) console.log(run.error);
  await reportFailures(steering, run.id);
  return run.state === 'COMPLETED' ? EXIT.done : EXIT.failed;
}

async function reportFailures(steering: BackfillSteering, id: string): Promise<void> {
  const counts = await steering.countFailures(id);
  if (counts.length === 0) return;
  console.log(`By reason: ${countsByReason(counts)}.`);
  const { items } = await steering.failures(id, { first: LISTED_FAILURES, after: null, reason: null });
  for (const { imageId, reason, imageUrl } of items) console.log(`  image ${imageId}: ${reason}  ${imageUrl}`);
  const more = counts.reduce((sum, { count }) => sum + count, 0) - items.length;
  if (more > 0) console.log(`  and ${more} more: lookalike backfill failures ${id}`);
}

/** `NOT_FOUND 12, TIMEOUT 3` */
export function countsByReason(counts: readonly { reason: string; count: number }[]): string {
  return counts.map(({ reason, count }) => `${reason} ${count}`).join(', ');
}
