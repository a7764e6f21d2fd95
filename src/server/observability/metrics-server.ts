import { createServer } from 'node:http';
import express from 'express';
import type { Log } from '../../log.js';
import type { Close } from '../../types.js';
import { makeErrorMask } from '../error-mask.js';
import { serveHealth } from './health-endpoints.js';
import type { Health } from './health.js';
import { answerHttpErrors, refuseUnknownAddress } from '../http-errors.js';
import { listen } from '../listen.js';
import { serveMetrics, type MetricsSource } from './metrics-endpoint.js';

export interface MetricsServerOptions {
  host: string;
  /** 0 lets the system choose. */
  port: number;
  health: Health;
  metrics: MetricsSource;
  log: Log;
}

/** Neither probes nor scrapes take longer to arrive. */
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Serves `/livez`, `/readyz` and `/metrics` without a token on a port of their own, of a server or of a worker.
 *
 * @throws AppError CONFLICT where the port is taken.
 */
export async function startMetricsServer(options: MetricsServerOptions): Promise<{ url: string; close: Close }> {
  const { host, port, health, metrics, log } = options;
  const app = express();
  app.disable('x-powered-by');
  serveHealth(app, health);
  serveMetrics(app, metrics);
  app.use(refuseUnknownAddress, answerHttpErrors(makeErrorMask(log, null)));
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, app);
  const url = await listen(server, { host, port, variable: 'METRICS_PORT' });
  server.on('error', (error) => {
    log.error({ err: error }, 'metrics server error');
  });
  return {
    url,
    close: async () => {
      // Nothing here is worth waiting for.
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
