import type { Express, Request, RequestHandler } from 'express';
import { AppError } from '../../errors.js';
import type { Viewer } from '../../resolvers/context.js';
import { unkept } from './health-endpoints.js';

/** What there is to tell in Prometheus's text format. */
export interface MetricsSource {
  readonly contentType: string;
  text(): Promise<string>;
}

/** Serves `/metrics` to whoever gets past `guards`. */
export function serveMetrics(app: Express, metrics: MetricsSource, ...guards: RequestHandler[]): void {
  app.get('/metrics', unkept, ...guards, async (_request, response) => {
    response.set('Content-Type', metrics.contentType).send(await metrics.text());
  });
}

/** Lets in who has a token, be it one for reading alone: metrics tell a competitor how the shop is doing. */
export function forTokens(viewerOf: (request: Request) => Promise<Viewer>): RequestHandler {
  return async (request, _response, next) => {
    const { kind } = await viewerOf(request);
    if (kind !== 'admin' && kind !== 'reader') throw tokenNeeded();
    next();
  };
}

function tokenNeeded(): AppError {
  const remedy = 'send it as "Authorization: Bearer <token>", or ask at METRICS_PORT';
  return new AppError('UNAUTHENTICATED', `/metrics needs the admin token or a read token: ${remedy}.`, {
    logLevel: 'debug',
  });
}
