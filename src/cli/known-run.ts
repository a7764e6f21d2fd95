import { AppError, BadUserInputError } from '../errors.js';
import { BACKFILL_ID, type BackfillRun } from '../services/backfill-run.js';
import type { BackfillSteering } from '../services/backfill-steering.js';

/** @throws BadUserInputError where no backfill can have this id. */
export function checkBackfillId(id: string): void {
  if (BACKFILL_ID.test(id)) return;
  throw new BadUserInputError(
    'id',
    `"${id}" can't be the id of a backfill, which is a UUID. \`lookalike backfill list\` shows them.`,
  );
}

/** @throws AppError NOT_FOUND where there is no such run. */
export async function knownRun(steering: BackfillSteering, id: string): Promise<BackfillRun> {
  const run = await steering.find(id);
  if (run === null) throw unknownBackfill(id);
  return run;
}

/**
 * The run that is meant where none is named: the active one.
 *
 * @throws AppError NOT_FOUND where none is active, CONFLICT where several are.
 */
export async function onlyActiveRun(steering: BackfillSteering): Promise<BackfillRun> {
  const [run, ...others] = await steering.listActive();
  if (run === undefined) {
    throw new AppError('NOT_FOUND', 'No backfill is active. `lookalike backfill list` shows those that have ended.');
  }
  if (others.length === 0) return run;
  const lines = [run, ...others].map(({ id, state, model }) => `  ${id}  ${state}  ${model}`);
  throw new AppError(
    'CONFLICT',
    `${lines.length} backfills are active. Give the id of the one that is meant:\n${lines.join('\n')}`,
  );
}

export function unknownBackfill(id: string): AppError {
  return new AppError('NOT_FOUND', `There is no backfill with the id "${id}". \`lookalike backfill list\` shows them.`);
}
