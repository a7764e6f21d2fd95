import type { Config } from '../config.js';
import type { ImageFailureReason } from '../errors.js';
import type { ImageFailure } from '../services/backfill-failure-store.js';
import type { BackfillRun } from '../services/backfill-run.js';
import { openSteering } from '../steering.js';
import { formatTable } from './format-table.js';
import { checkBackfillId, knownRun } from './known-run.js';
import { countsByReason } from './report-backfill.js';
import { withClosers } from './with-closers.js';

/** `lookalike backfill list`: prints the backfills of all models, newest first. */
export async function listCommand(config: Config, first: number): Promise<void> {
  await withClosers(config, openSteering, async (steering) => {
    const { items, hasNext } = await steering.list({ first, after: null });
    if (items.length === 0) console.log('There is no backfill yet: `lookalike backfill` starts one.');
    else console.log(backfillTable(items));
    if (hasNext) console.log(`There are more: -n ${2 * first} lists twice as many.`);
  });
}

/**
 * `lookalike backfill failures`: prints the images that a backfill could not embed, and how many there are for each reason.
 *
 * @throws AppError where there is no such backfill.
 */
export async function failuresCommand(
  config: Config,
  id: string,
  { first, reason }: { first: number; reason: ImageFailureReason | null },
): Promise<void> {
  checkBackfillId(id);
  await withClosers(config, openSteering, async (steering) => {
    await knownRun(steering, id);
    const counts = await steering.countFailures(id);
    const { items, hasNext } = await steering.failures(id, { first, after: null, reason });
    if (items.length > 0) console.log(failureTable(items));
    if (hasNext) console.log(`There are more: -n ${2 * first} lists twice as many.`);
    console.log(counts.length === 0 ? 'No image failed.' : `By reason: ${countsByReason(counts)}.`);
  });
}

/** Backfills as a table. */
export function backfillTable(runs: readonly BackfillRun[]): string {
  const rows = runs.map(({ id, state, scope, model, counts, productIds, createdAt }) => [
    id,
    state,
    productIds === null ? scope : `${scope} of ${productIds.length} products`,
    model,
    `${counts.processed} of ${counts.total ?? '?'}`,
    String(counts.failed),
    toSecond(createdAt),
  ]);
  return formatTable(['id', 'state', 'scope', 'model', 'images', 'failed', 'started'], rows);
}

/** Failures as a table, their URLs whole. */
export function failureTable(failures: readonly ImageFailure[]): string {
  const rows = failures.map((failure) => [
    failure.imageId,
    failure.productId,
    failure.reason,
    failure.httpStatus === null ? '' : String(failure.httpStatus),
    String(failure.attempts),
    nextTryOf(failure),
    failure.imageUrl,
  ]);
  const header = ['image', 'product', 'reason', 'status', 'attempts', 'next try', 'URL'];
  return formatTable(header, rows, { maxCell: Infinity });
}

function nextTryOf({ isMended, nextTryAt }: ImageFailure): string {
  if (isMended) return 'not needed any more';
  return nextTryAt === null ? 'when it changes' : toSecond(nextTryAt);
}

/** `2026-01-31T12:00:00Z` of `2026-01-31T12:00:00.123Z` */
function toSecond(isoTime: string): string {
  return isoTime.replace(/\.\d+Z$/, 'Z');
}
