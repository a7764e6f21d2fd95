import { randomBytes } from 'node:crypto';
import { Closers } from './closers.js';
import type { Config } from './config.js';
import { startCore, type Core, type CoreOverrides } from './core.js';
import { startBackfillWorker, type BackfillWorker } from './jobs/backfill-worker.js';
import { makeLog, type Log } from './log.js';
import { makeSchema } from './resolvers/make-schema.js';
import { startHttpServer } from './server/http-server.js';
import { BackfillService } from './services/backfill.js';
import { makeCatalogLoaders } from './services/catalog/catalog-loaders.js';
import { CoverageService } from './services/coverage.js';
import { EmbeddingStatusService } from './services/embedding-status.js';
import type { Close } from './types.js';

/** What tests put in the place of slow or distant things. */
export interface AppOverrides extends CoreOverrides {
  log?: Log;
}

/** A running server. */
export interface App {
  /** `http://localhost:4000/` */
  url: string;
  adminToken: string;
  /** Whether the token was made at this start because none is configured. */
  isTokenNew: boolean;
  /** Drops the backfill's batch in flight, lets requests end, and lets go of everything. Safe to call twice. */
  close: Close;
}

/**
 * Makes every object of a server by hand and starts it: the one place where they meet.
 *
 * @throws AppError with one sentence where it can't start; nothing is left open then.
 */
export async function startApp(config: Config, overrides: AppOverrides = {}): Promise<App> {
  const log = overrides.log ?? makeLog(config.log);
  const closers = new Closers(log);
  try {
    const core = await startCore({ config, log, whenLocked: 'fail', overrides }, closers);
    return await serve({ config, log, core }, closers);
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

interface AppParts {
  config: Config;
  log: Log;
  core: Core;
}

async function serve({ config, log, core }: AppParts, closers: Closers): Promise<App> {
  const { catalog, embeddings, failures, runs, search, source } = core;
  const { model } = core.encoder;
  const imageScope = config.backfill.images;
  const work = startWork({ config, log, core }, closers);
  const backfills = new BackfillService({ model, imageScope, runs, failures, wakeWorker: work.wake });
  const coverage = new CoverageService({ model, imageScope, catalog, embeddings, failures });
  const embeddingStatus = new EmbeddingStatusService({ model, coverage, embeddings, runs });
  const schema = makeSchema({ catalog, source, search, backfills, embeddingStatus });
  const adminToken = config.adminToken ?? randomBytes(24).toString('base64url');
  const server = await startHttpServer({
    host: config.host,
    port: config.port,
    schema,
    adminToken,
    allowedOrigins: config.allowedOrigins,
    maxUploadBytes: config.images.maxBytes,
    imageRoot: config.images.root,
    makeContext: () => ({ loaders: makeCatalogLoaders(catalog), embeddingStatus }),
    log,
  });
  closers.push('HTTP server', () => server.close());
  work.begin();
  return { url: server.url, adminToken, isTokenNew: config.adminToken === null, close: () => closers.closeAll() };
}

/** The backfill worker of this process: made with the services that wake it, begun when the server can be reached. */
interface Work {
  begin: () => void;
  wake: () => void;
}

function startWork({ config, log, core }: AppParts, closers: Closers): Work {
  const stop = new AbortController();
  let worker: BackfillWorker | null = null;
  let beginning: Promise<void> = Promise.resolve();
  closers.push('backfill worker', async () => {
    stop.abort();
    await beginning;
    await worker?.close();
  });
  const prepareAndWork = async (): Promise<void> => {
    await core.prepareImages(stop.signal);
    // The demo embeds itself at once; a shop's admin decides when.
    const { model } = core.encoder;
    if (config.catalogDatabaseUrl === null)
      await core.runs.insert({ model: model.name, scope: 'MISSING', imageScope: config.backfill.images });
    if (!stop.signal.aborted) worker = startBackfillWorker(core.runner);
  };
  return {
    begin: () => {
      beginning = prepareAndWork().catch((error: unknown) => {
        if (!stop.signal.aborted) log.error({ err: error }, 'could not begin to work on backfills');
      });
    },
    wake: () => worker?.wake(),
  };
}
