import { Closers } from './closers.js';
import type { Config } from './config.js';
import { startCore, type CoreOverrides } from './core.js';
import { makeLog, type Log } from './log.js';
import { readinessChecks } from './readiness-checks.js';
import { Health } from './server/observability/health.js';
import { stopOnSignals } from './stop-on-signals.js';
import type { Close } from './types.js';
import { watchPools, watchProcess } from './watch-process.js';
import { startWorkers } from './workers.js';

/** A running worker process. */
export interface WorkerProcess {
  /** Whether it is ready; `health.stop()` as soon as it is to stop. */
  health: Health;
  /** Where `/livez`, `/readyz` and `/metrics` are; null where METRICS_PORT is not set. */
  metricsUrl: string | null;
  /** Stores what is embedded, puts back what is not done, and lets go of everything. Safe to call twice. */
  close: Close;
}

/**
 * Makes every object of a worker process and starts it: it works on backfills and serves nothing. The configured model is
 * loaded at once, others while they have backfills.
 *
 * @param givenUp - ends the start before it is done.
 * @throws AppError with one sentence where it can't start; nothing is left open then.
 */
export async function startWorkerProcess(
  config: Config,
  overrides: CoreOverrides & { log?: Log } = {},
  givenUp?: AbortSignal,
): Promise<WorkerProcess> {
  const log = overrides.log ?? makeLog(config.log);
  const closers = new Closers(log);
  const health = new Health();
  const letGo = (): void => void closers.closeAll();
  givenUp?.addEventListener('abort', letGo);
  try {
    const { telemetry, metricsUrl } = await watchProcess({ config, log, health }, closers);
    const observers = { observer: telemetry.observer, backfillObserver: telemetry.backfills };
    const core = await startCore({ config, log, whenLocked: 'join', givenUp, overrides, ...observers }, closers);
    watchPools(telemetry, core.databases);
    const checks = readinessChecks({ config, log, databases: core.databases, serving: null }, closers);
    const workers = Math.max(1, config.backfill.workers);
    const prepare = (signal: AbortSignal): Promise<void> => core.prepareImages(signal);
    const permanent = [await core.partsOf(core.configured)];
    const { close } = startWorkers(core, { config: { ...config.backfill, workers }, log, permanent, prepare });
    closers.push('workers', close);
    log.info({ model: core.configured.name }, 'worker is ready');
    health.begin(checks);
    const stop = (): Promise<void> => {
      health.stop();
      return closers.closeAll();
    };
    return { health, metricsUrl, close: stop };
  } catch (error) {
    await closers.closeAll();
    throw error;
  } finally {
    givenUp?.removeEventListener('abort', letGo);
  }
}

/**
 * Runs a worker until a signal ends it: the first SIGINT or SIGTERM stops it in order, a second one at once.
 *
 * @throws AppError with one sentence where it can't start.
 */
export async function runWorkerProcess(config: Config): Promise<void> {
  const log = makeLog(config.log);
  await stopOnSignals((givenUp) => startWorkerProcess(config, { log }, givenUp), { log, delayMs: 0 });
}
