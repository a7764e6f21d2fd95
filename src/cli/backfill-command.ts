import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.js';
import type { Core } from '../core.js';
import { ServiceUnavailableError } from '../errors.js';
import { workOnce } from '../jobs/backfill-worker.js';
import type { BackfillRun, BackfillScope } from '../services/backfill-run.js';
import { BackfillService } from '../services/backfill.js';
import { printProgress, type ProgressPrinter } from './print-progress.js';
import { withCore } from './with-core.js';

/** How often progress is read, and how often a run that another process has is tried. */
const LOOK_EVERY_MS = 1000;

/** Tries at a run that stops because something it needs is away, one after another, before the command gives up. */
const MAX_FRUITLESS_TRIES = 30;

/** Exit codes: done, failed, interrupted by Ctrl+C (128 + SIGINT). */
const EXIT = { done: 0, failed: 1, interrupted: 130 } as const;

/**
 * `lookalike backfill`: starts a backfill, or goes on with the active one, works on it in this process until it is done, and
 * tells what came of it.
 *
 * @returns The exit code.
 */
export async function backfillCommand(config: Config, scope: BackfillScope): Promise<number> {
  const interrupt = new AbortController();
  let isUp = false;
  const onSignal = () => {
    // Nothing has begun yet, or it is the second Ctrl+C: a kill loses no more than the batch in flight either.
    if (!isUp || interrupt.signal.aborted) process.exit(EXIT.interrupted);
    interrupt.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return withCore(config, (core) => {
    isUp = true;
    return runInForeground(core, scope, interrupt.signal);
  });
}

async function runInForeground(core: Core, scope: BackfillScope, signal: AbortSignal): Promise<number> {
  await core.prepareImages(signal).catch(unlessAborted(signal));
  if (signal.aborted) return EXIT.interrupted;
  const run = await startOrGoOn(core, scope);
  if (run.scope !== scope) {
    console.log(`The backfill ${run.id} is active and has another scope, ${run.scope}. Run it to its end first.`);
    return EXIT.failed;
  }
  const printer = printProgress(process.stdout);
  try {
    await workUntilDone(core, { id: run.id, printer }, signal);
  } finally {
    printer.end();
  }
  return report(core, run.id, signal.aborted);
}

async function startOrGoOn(core: Core, scope: BackfillScope): Promise<BackfillRun> {
  const { runs, failures, runner } = core;
  const { model, imageScope } = runner;
  const service = new BackfillService({ model, imageScope, runs, failures, wakeWorker: () => undefined });
  const start = await service.start({ scope });
  if (start.kind === 'started') return start.run;
  console.log(`Going on with the backfill ${start.active.id}, which is not done.`);
  return start.active;
}

/** Works on the run, or watches the process that does, ready to take over. A database that is away is waited for. */
async function workUntilDone(
  core: Core,
  watched: { id: string; printer: ProgressPrinter },
  signal: AbortSignal,
): Promise<void> {
  const show = async (): Promise<BackfillRun | null> => {
    const run = await core.runs.find(watched.id);
    if (run !== null) watched.printer.show(run);
    return run;
  };
  let processed = -1;
  for (let fruitless = 0; !signal.aborted && fruitless < MAX_FRUITLESS_TRIES; fruitless += 1) {
    const stopShowing = every(LOOK_EVERY_MS, show);
    const worked = await workOnce(core.runner, signal).catch(nullWhereUnavailable).finally(stopShowing);
    const run = await show().catch(nullWhereUnavailable);
    if (run !== null && run.finishedAt !== null) return;
    const isMoving = run !== null && (worked === null || run.counts.processed > processed);
    processed = run?.counts.processed ?? processed;
    if (isMoving) fruitless = 0;
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

function unlessAborted(signal: AbortSignal) {
  return (error: unknown): void => {
    if (!signal.aborted) throw error;
  };
}

function nullWhereUnavailable(error: unknown): null {
  if (error instanceof ServiceUnavailableError) return null;
  throw error;
}

function every(intervalMs: number, act: () => Promise<unknown>): () => void {
  // A progress line that can't be read is no reason to stop the work.
  const timer = setInterval(() => void act().catch(() => undefined), intervalMs);
  return () => {
    clearInterval(timer);
  };
}

async function report(core: Core, id: string, wasInterrupted: boolean): Promise<number> {
  const run = await core.runs.find(id);
  if (run?.finishedAt == null) {
    const { processed = 0, total = null } = run?.counts ?? {};
    console.log(
      `${wasInterrupted ? 'Interrupted' : 'Stopped'} at ${processed} of ${total ?? 'an unknown number of'} images.`,
    );
    console.log('What is embedded stays. Run `lookalike backfill` again to go on.');
    return wasInterrupted ? EXIT.interrupted : EXIT.failed;
  }
  const { embedded, skipped, failed } = run.counts;
  console.log(`${embedded} embedded, ${skipped} were already, ${failed} failed.`);
  if (run.error !== null) console.log(run.error);
  await reportFailures(core, run);
  return run.state === 'COMPLETED' ? EXIT.done : EXIT.failed;
}

async function reportFailures(core: Core, run: BackfillRun): Promise<void> {
  const shown = 20;
  const failures = await core.failures.listOfBackfill(run.id, { first: shown, after: null });
  for (const { imageId, reason, imageUrl } of failures) console.log(`  image ${imageId}: ${reason}  ${imageUrl}`);
  const more = run.counts.failed - failures.length;
  if (failures.length === shown && more > 0)
    console.log(`  and ${more} more: query embeddingBackfill(id: "${run.id}") { failures }`);
}
