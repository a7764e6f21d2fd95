import type { Express, RequestHandler } from 'express';
import type { Health } from './health.js';

/** Serves `/livez` and `/readyz` to anybody; they are cheap, and nothing of them is kept by caches. */
export function serveHealth(app: Express, health: Health): void {
  app.get('/livez', unkept, (_request, response) => {
    response.json({ status: 'alive' });
  });
  app.get('/readyz', unkept, async (_request, response) => {
    const { isReady, checks } = await health.readiness();
    response.status(isReady ? 200 : 503).json({ status: isReady ? 'ready' : 'not ready', checks });
  });
}

/** What is true now says nothing of later. */
export const unkept: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};
