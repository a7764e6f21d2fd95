import type { Config } from './config.js';
import type { Core } from './core.js';
import { BackfillWorker } from './jobs/backfill-worker.js';
import { startHousekeeping } from './jobs/housekeeping.js';
import type { Log } from './log.js';
import { CatalogSync } from './services/catalog-sync.js';
import type { Close } from './types.js';

/** The workers of a process. */
export interface Workers {
  /** Lets them look for jobs at once. */
  wake: () => void;
  /** Begins to stop them. */
  stop: () => void;
  /** Stops them, stores what is embedded, and puts back the jobs that are not done. Safe to call twice. */
  close: Close;
}

/**
 * Starts the workers of a process, and what comes back with the clock.
 *
 * @param options.prepare - done before the first job is taken.
 */
export function startWorkers(
  core: Core,
  options: { config: Config['backfill']; log: Log; prepare: (signal: AbortSignal) => Promise<void> },
): Workers {
  const { config, log } = options;
  let prepared: Promise<void> | null = null;
  const prepare = (signal: AbortSignal): Promise<void> => (prepared ??= options.prepare(signal));
  const workers = Array.from({ length: config.workers }, () => new BackfillWorker(core.parts, prepare));
  const wake = (): void => {
    for (const worker of workers) worker.wake();
  };
  for (const worker of workers) worker.start();
  const closeHousekeeping = startClockwork(core, { config, log, wake });
  const stop = (): void => {
    for (const worker of workers) worker.stop();
  };
  const close: Close = async () => {
    stop();
    await Promise.all([closeHousekeeping(), ...workers.map((worker) => worker.close())]);
  };
  return { wake, stop, close };
}

function startClockwork(
  core: Core,
  { config, log, wake }: { config: Config['backfill']; log: Log; wake: () => void },
): Close {
  const { catalog, parts, imageScope } = core;
  const { model, queue, runs, embeddings, failures, queryImages } = parts;
  const stores = { catalog, embeddings, failures, runs };
  const sync = new CatalogSync({ model, imageScope, ...stores, backfills: core.makeBackfills(wake), log });
  const { syncEverySeconds, historyDays } = config;
  return startHousekeeping({ queue, runs, queryImages, sync, model: model.name, syncEverySeconds, historyDays, log });
}
