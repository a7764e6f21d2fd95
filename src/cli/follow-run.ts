import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceUnavailableError } from '../errors.js';
import { isFinal, type BackfillRun } from '../services/backfill-run.js';
import type { BackfillSteering } from '../services/backfill-steering.js';
import { unknownBackfill } from './known-run.js';
import type { ProgressPrinter } from './print-progress.js';

/** How often a run is looked at. */
const LOOK_EVERY_MS = 1000;

/** Looks that nothing has come of, one after another, before a command gives up: about a minute, longer than a lease. */
const MAX_FRUITLESS_LOOKS = 60;

/** What a look saw: the run, or null where the database did not answer, and what was seen before. */
export interface Look {
  run: BackfillRun | null;
  before: BackfillRun | null;
}

export interface Following {
  id: string;
  printer: ProgressPrinter;
  /** Counts the looks that nothing has come of, this one included: what is fruitless depends on who looks. */
  countFruitless: (count: number, look: Look) => number;
  signal: AbortSignal;
}

/**
 * Shows a run until it has ended, until the signal, or until nothing has come of it for too long. A database that is away is
 * waited for.
 *
 * @returns The run as it was seen last; null where it never was.
 * @throws AppError NOT_FOUND where there is no such run.
 */
export async function followRun(steering: BackfillSteering, following: Following): Promise<BackfillRun | null> {
  const { id, printer, countFruitless, signal } = following;
  let before: BackfillRun | null = null;
  for (let fruitless = 0; fruitless < MAX_FRUITLESS_LOOKS;) {
    const run = await lookAt(steering, id);
    if (run !== null) printer.show(run);
    tellOfChange(printer, { run, before });
    fruitless = countFruitless(fruitless, { run, before });
    before = run ?? before;
    if (signal.aborted || (run !== null && isFinal(run))) break;
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  return before;
}

/**
 * The run as it is now; null where the database does not answer.
 *
 * @throws AppError NOT_FOUND where there is no such run.
 */
export async function lookAt(steering: BackfillSteering, id: string): Promise<BackfillRun | null> {
  const run = await steering.find(id).catch(sayUnavailable);
  if (run === null) throw unknownBackfill(id);
  return run === 'unavailable' ? null : run;
}

/** Says what a person has to know or did meanwhile. */
function tellOfChange(printer: ProgressPrinter, { run, before }: Look): void {
  if (run === null) return;
  if (run.state === 'PAUSED' && before?.state !== 'PAUSED') {
    printer.say(`The backfill is paused. It goes on after \`lookalike backfill resume ${run.id}\`.`);
  } else if (before?.state === 'PAUSED' && run.state !== 'PAUSED' && run.state !== 'CANCELLED') {
    printer.say('The backfill was resumed.');
  }
}

function sayUnavailable(error: unknown): 'unavailable' {
  if (error instanceof ServiceUnavailableError) return 'unavailable';
  throw error;
}
