import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BackfillRun } from '../services/backfill-run.js';
import type { Close } from '../types.js';
import { runBackfill, type BackfillRunner, type HoldEnd } from './run-backfill.js';

/** How often a worker looks for a run that nobody told it of: one of another process, or one whose worker died. */
const LOOK_EVERY_MS = 2000;

/** Works on the backfills of a model, one at a time, wherever they were started. */
export interface BackfillWorker {
  /** Looks for work at once. */
  wake: () => void;
  /** Begins to stop: takes no more work and drops what is under way. */
  stop: () => void;
  /** Drops what is under way, releases the run and ends. */
  close: Close;
}

/** Claims one run and works on it; null where there is none to claim. */
export async function workOnce(
  runner: BackfillRunner,
  signal: AbortSignal,
): Promise<{ run: BackfillRun; end: HoldEnd } | null> {
  const workerId = randomUUID();
  const run = await runner.runs.claim(runner.model.name, workerId);
  if (run === null) return null;
  runner.log.info({ backfillId: run.id, model: run.model, scope: run.scope }, 'backfill taken up');
  const end = await runBackfill(runner, { run, lease: { backfillId: run.id, workerId } }, signal);
  const counts = (await runner.runs.find(run.id).catch(() => null))?.counts;
  runner.log.info({ backfillId: run.id, end, ...counts }, 'backfill let go');
  return { run, end };
}

/**
 * Starts a worker that lives until it is closed; nothing that a run or a database does ends it.
 *
 * @param prepare - done before the first run is taken up.
 */
export function startBackfillWorker(
  runner: BackfillRunner,
  prepare: (signal: AbortSignal) => Promise<void>,
): BackfillWorker {
  const stop = new AbortController();
  let nap = new AbortController();
  stop.signal.addEventListener('abort', () => {
    nap.abort();
  });
  const logUnlessStopping = (message: string) => (error: unknown) => {
    if (!stop.signal.aborted) runner.log.warn({ err: error }, message);
    return null;
  };
  const work = async (): Promise<void> => {
    await prepare(stop.signal).catch(logUnlessStopping('could not prepare for backfills'));
    while (!stop.signal.aborted) {
      nap = new AbortController();
      const worked = await workOnce(runner, stop.signal).catch(logUnlessStopping('could not look for a backfill'));
      const isBusy = worked !== null && worked.end !== 'released';
      if (isBusy) continue;
      await sleep(LOOK_EVERY_MS, undefined, { signal: nap.signal }).catch(() => undefined);
    }
  };
  const working = work();
  return {
    wake: () => {
      nap.abort();
    },
    stop: () => {
      stop.abort();
    },
    close: async () => {
      stop.abort();
      await working;
    },
  };
}
