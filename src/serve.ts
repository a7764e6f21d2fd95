import { startApp, type App } from './app.js';
import type { Config } from './config.js';
import { makeLog, type Log } from './log.js';
import { stopOnSignals } from './stop-on-signals.js';

/**
 * Runs the server until a signal ends it: the first SIGINT or SIGTERM stops it in order, a second one at once.
 *
 * @throws AppError with one sentence where it can't start.
 */
export async function serve(config: Config): Promise<void> {
  const log = makeLog(config.log);
  const start = (givenUp: AbortSignal) => startApp(config, { log }, givenUp);
  const app = await stopOnSignals(start, { log, delayMs: config.server.stopDelayMs });
  announce(app, config, log);
}

function announce(app: App, config: Config, log: Log): void {
  const { url, graphiqlUrl: graphiql } = app;
  log.info({ url, graphql: `${url}graphql`, ...(graphiql !== null && { graphiql }) }, 'Lookalike is ready');
  log.info({ catalogue: catalogueOf(config), vectors: vectorsOf(config) }, 'it runs on');
  if (config.catalogDatabaseUrl === null) {
    log.info('This is the demo. For your own shop set DATABASE_URL and VECTOR_DATABASE_URL: see .env.example.');
  } else if (config.vectorDatabaseUrl === null) {
    log.warn('The embedded vector database is for one machine. For production set VECTOR_DATABASE_URL.');
  }
  const { madeAdminToken: adminToken } = app;
  if (adminToken !== null) log.info({ adminToken }, 'made an admin token for this start; set ADMIN_TOKEN to keep one');
}

function catalogueOf(config: Config): string {
  return config.catalogDatabaseUrl === null ? 'demo' : 'DATABASE_URL';
}

function vectorsOf(config: Config): string {
  return config.vectorDatabaseUrl === null ? 'embedded Postgres' : 'VECTOR_DATABASE_URL';
}
