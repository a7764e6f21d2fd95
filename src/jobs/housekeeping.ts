import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log.js';
import type { BackfillStore } from '../services/backfill-store.js';
import type { CatalogSync } from '../services/catalog-sync.js';
import type { QueryImageStore } from '../services/query-image-store.js';
import type { Close } from '../types.js';
import type { JobQueue } from './queue.js';

/** How often a process asks whether something is due. */
const ASK_EVERY_MS = 15_000;

const HOUSEKEEPING_EVERY_SECONDS = 60 * 60;

export interface HousekeepingParts {
  queue: JobQueue;
  runs: BackfillStore;
  queryImages: QueryImageStore;
  sync: CatalogSync;
  /** The names of the models that are kept in step with the catalogue. */
  syncedModels: () => Promise<readonly string[]>;
  /** How often the catalogue is looked at; null never. */
  syncEverySeconds: number | null;
  /** How long runs and their failures are kept after their end. */
  historyDays: number;
  log: Log;
}

/**
 * Does what comes back with the clock, once over all processes however many ask: forgets old runs and expired query
 * images, tidies the queue, and looks whether the catalogue has changed.
 */
export function startHousekeeping(parts: HousekeepingParts): Close {
  const stop = new AbortController();
  const { signal } = stop;
  const work = async (): Promise<void> => {
    while (!signal.aborted) {
      await ask(parts, signal).catch((error: unknown) => {
        if (!signal.aborted) parts.log.warn({ err: error }, 'housekeeping failed; it comes again');
      });
      await sleep(ASK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  };
  const working = work();
  return async () => {
    stop.abort();
    await working;
  };
}

async function ask(parts: HousekeepingParts, signal: AbortSignal): Promise<void> {
  const { queue, sync, syncEverySeconds } = parts;
  await queue.doScheduled({ kind: 'housekeeping', key: 'all', everySeconds: HOUSEKEEPING_EVERY_SECONDS }, () =>
    tidy(parts),
  );
  if (syncEverySeconds === null) return;
  for (const model of await parts.syncedModels()) {
    const work = { kind: 'sync', key: model, everySeconds: syncEverySeconds } as const;
    await queue.doScheduled(work, () => sync.look(model, signal));
  }
}

async function tidy({ runs, queryImages, queue, historyDays, log }: HousekeepingParts): Promise<void> {
  const forgotten = await runs.removeEndedBefore(historyDays);
  const expired = await queryImages.removeExpired();
  await queue.maintain();
  log.info({ forgotten, historyDays }, 'forgot old backfills');
  log.info({ expired }, 'forgot expired query images');
}
