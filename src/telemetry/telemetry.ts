import { AsyncLocalStorage } from 'node:async_hooks';
import type { Log } from '../log.js';
import type { BackfillObserver, Observer, OperationObserver, Stage } from '../observer.js';
import type { TelemetryConfig } from '../server-config.js';
import type { Close } from '../types.js';
import { Metrics } from './metrics.js';
import { Operations, type CurrentWork, type Work } from './operations.js';
import { loadTracing, type Tracing } from './tracing.js';

/** Everything that watches a process. */
export interface Telemetry {
  metrics: Metrics;
  /** For services. */
  observer: Observer;
  /** For jobs. */
  backfills: BackfillObserver;
  /** For the server. */
  operations: OperationObserver;
  /** Sends traces that are not sent yet. */
  close: Close;
}

/** Makes what watches a process; where traces are wanted, it loads what sends them. */
export async function loadTelemetry(config: TelemetryConfig, log: Log): Promise<Telemetry> {
  const tracing = await loadTracing(config.traces, log);
  const metrics = new Metrics();
  const current: CurrentWork = new AsyncLocalStorage<Work>();
  const { slowOperationMs } = config;
  return {
    metrics,
    observer: makeObserver(metrics, current),
    backfills: makeBackfillObserver({ metrics, current, tracing }),
    operations: new Operations({ current, metrics, tracing, slowOperationMs, log }),
    close: tracing.close,
  };
}

function makeObserver(metrics: Metrics, current: CurrentWork): Observer {
  const note = (stage: Stage, ms: number): void => {
    const work = current.getStore();
    metrics.stageSeconds.observe({ stage, purpose: work?.purpose ?? 'search' }, ms / 1000);
    work?.operation?.noteStage(stage, ms);
  };
  return {
    note,
    time: async (stage, work) => {
      const startedMs = performance.now();
      try {
        return await work();
      } finally {
        note(stage, performance.now() - startedMs);
      }
    },
    queued: (purpose, change) => metrics.queued.inc({ purpose }, change),
  };
}

interface BackfillParts {
  metrics: Metrics;
  current: CurrentWork;
  tracing: Tracing;
}

function makeBackfillObserver({ metrics, current, tracing }: BackfillParts): BackfillObserver {
  return {
    run: (work) => current.run({ purpose: 'backfill', operation: null }, work),
    stored: ({ embedded, skipped, failures }, ms) => {
      const endMs = performance.timeOrigin + performance.now();
      const counts = { embedded, skipped, failed: failures.length };
      for (const [result, count] of Object.entries(counts)) metrics.images.inc({ result }, count);
      for (const reason of failures) metrics.failures.inc({ reason });
      metrics.batches.inc();
      metrics.batchSeconds.observe(ms / 1000);
      tracing.batch({ startMs: endMs - ms, endMs }, counts);
    },
    ended: (state) => metrics.runs.inc({ state }),
  };
}
