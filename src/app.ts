import { randomBytes } from 'node:crypto';
import { Closers } from './closers.js';
import type { Config } from './config.js';
import { startCore, type Core, type CoreOverrides } from './core.js';
import { makeLog, type Log } from './log.js';
import { makeSchema } from './resolvers/make-schema.js';
import { startHttpServer } from './server/http-server.js';
import { makeCatalogLoaders } from './services/catalog/catalog-loaders.js';
import { EmbeddingStatusService } from './services/embedding-status.js';
import type { Close } from './types.js';
import { startWorkers, type Workers } from './workers.js';

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
  /** Stores what is embedded, lets requests end, and lets go of everything. Safe to call twice. */
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
  const { catalog, coverage, embeddings, parts, runs, search, source } = core;
  let workers: Workers | null = null;
  const wake = () => workers?.wake();
  const [backfills, steering] = [core.makeBackfills(wake), core.makeSteering(wake)];
  const embeddingStatus = new EmbeddingStatusService({ model: parts.model, coverage, embeddings, runs });
  const schema = makeSchema({ catalog, source, search, backfills, steering, embeddingStatus });
  const adminToken = config.adminToken ?? randomBytes(24).toString('base64url');
  const server = await startHttpServer({
    host: config.host,
    port: config.port,
    schema,
    adminToken,
    allowedOrigins: config.allowedOrigins,
    maxImageBytes: config.images.maxBytes,
    imageRoot: config.images.root,
    makeContext: () => ({ loaders: makeCatalogLoaders(catalog), embeddingStatus }),
    log,
  });
  if (config.backfill.workers > 0) {
    // Only now: a server that can't open its port takes up no work.
    workers = startWorkers(core, { config: config.backfill, log, prepare: (signal) => prepareWork(core, signal) });
    closers.push('workers', workers.close);
  }
  closers.push('HTTP server', async () => {
    // The workers let go of what they have while requests come to their end.
    workers?.stop();
    await server.close();
  });
  return { url: server.url, adminToken, isTokenNew: config.adminToken === null, close: () => closers.closeAll() };
}

/** The demo draws its pictures and embeds itself at once; a shop's admin decides when. */
async function prepareWork(core: Core, signal: AbortSignal): Promise<void> {
  await core.prepareImages(signal);
  if (!core.isDemo) return;
  const { model } = core.parts;
  const { missing, stale } = await core.coverage.current(model.name);
  const request = { model: model.name, scope: 'MISSING', productIds: null } as const;
  if (missing + stale > 0) await core.makeBackfills(() => undefined).start(request);
}
