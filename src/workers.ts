import type { Config } from './config.js';
import type { Core } from './core.js';
import type { BackfillParts } from './jobs/backfill-parts.js';
import { startHousekeeping } from './jobs/housekeeping.js';
import { ModelWorkers } from './jobs/model-workers.js';
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

export interface WorkersOptions {
  config: Config['backfill'];
  log: Log;
  /** Models that are loaded, to work for at all times; for others while they have a backfill. */
  permanent: readonly BackfillParts[];
  /** Done before the first job is taken. */
  prepare: (signal: AbortSignal) => Promise<void>;
}

/** Starts the workers of a process, and what comes back with the clock. */
export function startWorkers(core: Core, options: WorkersOptions): Workers {
  const { config, log, permanent } = options;
  let prepared: Promise<void> | null = null;
  const prepare = (signal: AbortSignal): Promise<void> => (prepared ??= options.prepare(signal));
  const { models } = core.stores;
  const workers = new ModelWorkers({ models, partsOf: core.partsOf, workers: config.workers, prepare, log });
  workers.start(permanent);
  const closeHousekeeping = startClockwork(core, { config, log, wake: () => workers.wake() });
  return {
    wake: () => workers.wake(),
    stop: () => workers.stop(),
    close: async () => {
      workers.stop();
      await Promise.all([closeHousekeeping(), workers.close()]);
    },
  };
}

function startClockwork(
  core: Core,
  { config, log, wake }: { config: Config['backfill']; log: Log; wake: () => void },
): Close {
  const { catalog, configured, imageScope, serving } = core;
  const { queue, runs, embeddings, failures, queryImages } = core.stores;
  const stores = { catalog, embeddings, failures, runs };
  const sync = new CatalogSync({ imageScope, ...stores, backfills: core.makeBackfills(wake), log });
  /** The configured one only once it has embeddings: it may have been dropped, or nobody has asked for it yet. */
  const syncedModels = async (): Promise<string[]> => {
    const active = (await serving.identity()).name;
    const isFilled = configured.name !== active && (await embeddings.countRows(configured)) > 0;
    return isFilled ? [active, configured.name] : [active];
  };
  const { syncEverySeconds, historyDays } = config;
  return startHousekeeping({ queue, runs, queryImages, sync, syncedModels, syncEverySeconds, historyDays, log });
}
