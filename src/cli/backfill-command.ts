import type { Config } from '../config.js';
import { startCore, type Core } from '../core.js';
import { AppError } from '../errors.js';
import { BackfillWorker } from '../jobs/backfill-worker.js';
import { isFinal, type BackfillRun, type BackfillScope } from '../services/backfill-run.js';
import type { BackfillSteering } from '../services/backfill-steering.js';
import { followRun, lookAt, type Look } from './follow-run.js';
import { EXIT, listenForInterruption } from './interruption.js';
import { printProgress } from './print-progress.js';
import { reportEnd } from './report-backfill.js';
import { unknownModel } from './unknown-model.js';
import { withClosers } from './with-closers.js';

/** What the command line asks for. */
export interface BackfillRequest {
  scope: BackfillScope;
  /** Null goes over all products. */
  productIds: readonly string[] | null;
}

/**
 * `lookalike backfill`: starts a backfill, or goes on with the active one, works on it in this process until it is done,
 * together with whatever other workers there are, and tells what came of it.
 *
 * @returns The exit code.
 * @throws AppError CONFLICT where the active one is another than was asked for.
 */
export async function backfillCommand(config: Config, request: BackfillRequest): Promise<number> {
  const { signal, begin } = listenForInterruption();
  return withClosers(config, startCore, (core) => {
    begin();
    return runInForeground(core, request, signal);
  });
}

async function runInForeground(core: Core, request: BackfillRequest, signal: AbortSignal): Promise<number> {
  await core.prepareImages(signal).catch(unlessAborted(signal));
  if (signal.aborted) return EXIT.interrupted;
  const { id } = await startOrGoOn(core, request);
  const steering = core.makeSteering(() => undefined);
  const last = await workUntilDone(core, { id, steering }, signal);
  if (last.run !== null && isFinal(last.run)) return reportEnd(steering, last.run);
  return tellHowToGoOn(last, { request, signal });
}

async function startOrGoOn(core: Core, request: BackfillRequest): Promise<BackfillRun> {
  const start = await core.makeBackfills(() => undefined).start({ model: null, ...request });
  if (start.kind === 'unknownModel') throw unknownModel(start);
  if (start.kind === 'started') return start.run;
  checkSame(start.active, request);
  console.log(`Going on with the backfill ${start.active.id}, which is not done.`);
  return start.active;
}

/** @throws AppError CONFLICT */
function checkSame({ id, scope, productIds }: BackfillRun, request: BackfillRequest): void {
  const differs =
    scope !== request.scope
      ? `has another scope, ${scope}`
      : isSameSet(productIds, request.productIds)
        ? null
        : 'goes over other products';
  if (differs === null) return;
  throw new AppError(
    'CONFLICT',
    `The backfill ${id} is active and ${differs}. Run it to its end first, or end it with \`lookalike backfill cancel ${id}\`.`,
  );
}

function isSameSet(some: readonly string[] | null, others: readonly string[] | null): boolean {
  if (some === null || others === null) return some === others;
  const [left, right] = [new Set(some), new Set(others)];
  return left.size === right.size && [...left].every((id) => right.has(id));
}

/** What was seen of the run after this process had let go of it, and before. */
async function workUntilDone(
  core: Core,
  { id, steering }: { id: string; steering: BackfillSteering },
  signal: AbortSignal,
): Promise<Look> {
  const printer = printProgress(process.stdout);
  const worker = new BackfillWorker(await core.partsOf(core.configured));
  worker.start();
  try {
    const before = await followRun(steering, { id, printer, countFruitless, signal });
    await worker.close();
    const run = await lookAt(steering, id);
    if (run !== null) printer.show(run);
    return { run, before };
  } finally {
    await worker.close();
    printer.end();
  }
}

/** A run that waits for a worker although there is one needs something that is away: the catalogue, or the model. */
function countFruitless(count: number, { run, before }: Look): number {
  const isMoving = run !== null && (before === null || run.counts.processed > before.counts.processed);
  if (isMoving || run?.state === 'PAUSED') return 0;
  return run === null || run.state === 'PENDING' ? count + 1 : count;
}

function unlessAborted(signal: AbortSignal) {
  return (error: unknown): void => {
    if (!signal.aborted) throw error;
  };
}

/** @returns The exit code. */
function tellHowToGoOn(
  { run, before }: Look,
  { request, signal }: { request: BackfillRequest; signal: AbortSignal },
): number {
  const { processed = 0, total = null } = (run ?? before)?.counts ?? {};
  const ended = signal.aborted ? 'Interrupted' : 'Stopped';
  console.log(`${ended} at ${processed} of ${total ?? 'an unknown number of'} images.`);
  console.log(`What is embedded stays. ${nextStep(run, request)}`);
  return signal.aborted ? EXIT.interrupted : EXIT.failed;
}

function nextStep(run: BackfillRun | null, { scope, productIds }: BackfillRequest): string {
  if (run?.state === 'PAUSED') return `The backfill is paused: \`lookalike backfill resume ${run.id}\` lets it go on.`;
  if (run?.state === 'RUNNING') {
    return `Other workers go on: \`lookalike backfill --watch ${run.id}\` shows how far they are.`;
  }
  const options = scope === 'MISSING' && productIds === null ? '' : ' with the same options';
  return `Run \`lookalike backfill\` again${options} to go on.`;
}
