import type { Closers } from './closers.js';
import type { Config } from './config.js';
import type { Databases } from './databases.js';
import type { Log } from './log.js';
import type { Health } from './server/observability/health.js';
import { startMetricsServer } from './server/observability/metrics-server.js';
import { loadTelemetry, type Telemetry } from './telemetry/telemetry.js';

/** What watches a process. */
export interface Watch {
  telemetry: Telemetry;
  /** Where `/livez`, `/readyz` and `/metrics` are without a token; null where METRICS_PORT is not set. */
  metricsUrl: string | null;
}

/**
 * Begins to watch a process, as the first thing that it does and the last that it lets go of.
 *
 * @throws AppError CONFLICT where METRICS_PORT is taken.
 */
export async function watchProcess(
  { config, log, health }: { config: Config; log: Log; health: Health },
  closers: Closers,
): Promise<Watch> {
  const telemetry = await loadTelemetry(config.telemetry, log);
  closers.push('traces', telemetry.close);
  const { metricsPort: port } = config.telemetry;
  if (port === null) return { telemetry, metricsUrl: null };
  const { metrics } = telemetry;
  const server = await startMetricsServer({ host: config.server.host, port, health, metrics, log });
  closers.push('metrics server', server.close);
  log.info({ url: server.url }, 'metrics are served without a token');
  return { telemetry, metricsUrl: server.url };
}

/** Tells how busy the connections to both databases are. */
export function watchPools({ metrics }: Telemetry, { vector, catalogue }: Databases): void {
  metrics.watchPool('vector', () => vector.database.poolUse());
  metrics.watchPool('catalogue', () => catalogue.poolUse());
}
