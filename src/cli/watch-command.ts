import type { Config } from '../config.js';
import { isFinal } from '../services/backfill-run.js';
import { openSteering } from '../steering.js';
import { followRun, type Look } from './follow-run.js';
import { EXIT, listenForInterruption } from './interruption.js';
import { checkBackfillId, knownRun } from './known-run.js';
import { printProgress } from './print-progress.js';
import { reportEnd } from './report-backfill.js';
import { withClosers } from './with-closers.js';

/**
 * `lookalike backfill --watch`: shows a backfill that other processes work on until it ends, and tells what came of it.
 *
 * @returns The exit code.
 * @throws AppError where there is no such backfill.
 */
export async function watchCommand(config: Config, id: string): Promise<number> {
  checkBackfillId(id);
  const { signal, begin } = listenForInterruption();
  return withClosers(config, openSteering, async (steering) => {
    begin();
    await knownRun(steering, id);
    const printer = printProgress(process.stdout);
    const last = await followRun(steering, { id, printer, countFruitless, signal }).finally(() => printer.end());
    if (last !== null && isFinal(last)) return reportEnd(steering, last);
    console.log(
      signal.aborted
        ? 'Stopped watching; that changes nothing about the backfill.'
        : 'Stopped watching: the vector database does not answer.',
    );
    return signal.aborted ? EXIT.interrupted : EXIT.failed;
  });
}

/** Whoever only watches waits for as long as there is an answer. */
function countFruitless(count: number, { run }: Look): number {
  return run === null ? count + 1 : 0;
}
