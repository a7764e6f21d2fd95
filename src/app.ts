import { randomBytes } from 'node:crypto';
import { Closers } from './closers.js';
import type { Config } from './config.js';
import { startCore, type Core, type CoreOverrides } from './core.js';
import type { BackfillParts } from './jobs/backfill-parts.js';
import { makeLog, type Log } from './log.js';
import { findWebRoot } from './paths.js';
import { readinessChecks } from './readiness-checks.js';
import { makeSchema } from './resolvers/make-schema.js';
import type { ServerConfig } from './server-config.js';
import { Health } from './server/observability/health.js';
import { startHttpServer } from './server/http-server.js';
import { ModelComparisons } from './services/compare-models.js';
import { DuplicateService } from './services/duplicates.js';
import { EmbeddingStatusService } from './services/embedding-status.js';
import { FacetService } from './services/facets.js';
import { makeRequestLoaders } from './services/request-loaders.js';
import type { Close } from './types.js';
import { watchPools, watchProcess, type Watch } from './watch-process.js';
import { startWorkers, type Workers } from './workers.js';

/** What tests put in the place of slow or distant things. */
export interface AppOverrides extends CoreOverrides {
  log?: Log;
  /** Folder of the page in the place of the built one; null for none. */
  webRoot?: string | null;
}

/** A running server. */
export interface App {
  /** `http://localhost:4000/` */
  url: string;
  /** Where GraphiQL is; null where it is off, or the page is not built. */
  graphiqlUrl: string | null;
  /** The admin token that was made at this start because none is configured; null where one is. */
  madeAdminToken: string | null;
  /** Whether it is ready; `health.stop()` as soon as it is to stop. */
  health: Health;
  /** Where `/livez`, `/readyz` and `/metrics` are without a token; null where METRICS_PORT is not set. */
  metricsUrl: string | null;
  /**
   * Stops in order: it is not ready, takes up no more work, lets requests end, stores what is embedded, and lets go of everything.
   * Safe to call twice.
   */
  close: Close;
}

/**
 * Makes every object of a server by hand and starts it: the one place where they meet.
 *
 * @param givenUp - ends the start before it is done: what it waits for is let go of, and that fails.
 * @throws AppError with one sentence where it can't start; nothing is left open then.
 */
export async function startApp(config: Config, overrides: AppOverrides = {}, givenUp?: AbortSignal): Promise<App> {
  const log = overrides.log ?? makeLog(config.log);
  const closers = new Closers(log);
  const health = new Health();
  const letGo = (): void => {
    health.stop();
    void closers.closeAll();
  };
  givenUp?.addEventListener('abort', letGo);
  try {
    const watch = await watchProcess({ config, log, health }, closers);
    const { observer, backfills: backfillObserver } = watch.telemetry;
    const observers = { observer, backfillObserver };
    const core = await startCore({ config, log, whenLocked: 'fail', givenUp, overrides, ...observers }, closers);
    watchPools(watch.telemetry, core.databases);
    const webRoot = overrides.webRoot === undefined ? findWebRoot() : overrides.webRoot;
    return await serve({ config, log, health, watch, core, webRoot }, closers);
  } catch (error) {
    await closers.closeAll();
    throw error;
  } finally {
    givenUp?.removeEventListener('abort', letGo);
  }
}

interface AppParts {
  config: Config;
  log: Log;
  health: Health;
  watch: Watch;
  core: Core;
  webRoot: string | null;
}

async function serve({ config, log, health, watch, core, webRoot }: AppParts, closers: Closers): Promise<App> {
  const { metrics, observer, operations } = watch.telemetry;
  const { catalog, serving } = core;
  const { embeddings } = core.stores;
  closers.push('serving model', serving.follow());
  await tellModels(core, log);
  let workers: Workers | null = null;
  closers.push('workers', async () => workers?.close());
  const { schema, embeddingStatus } = makeApi(core, () => workers?.wake());
  const madeToken = config.server.access.adminTokens.length === 0 ? randomBytes(24).toString('base64url') : null;
  health.begin(readinessChecks({ config, log, databases: core.databases, serving }, closers));
  const server = await startHttpServer({
    config: withToken(config.server, madeToken),
    schema,
    maxImageBytes: config.images.maxBytes,
    imageRoot: config.images.root,
    webRoot,
    health,
    metrics,
    observer,
    operations,
    makeContext: () => ({ loaders: makeRequestLoaders({ catalog, embeddings, observer }), embeddingStatus }),
    log,
  });
  closers.push('HTTP server', server.close);
  // Products can be looked at meanwhile.
  await serving.prepare();
  if (config.backfill.workers > 0) {
    // Only now: a server that can't open its port takes up no work.
    const prepare = (signal: AbortSignal): Promise<void> => prepareWork(core, signal);
    workers = startWorkers(core, { config: config.backfill, log, permanent: await loadedParts(core), prepare });
  }
  return {
    url: server.url,
    graphiqlUrl: config.server.graphiql && webRoot !== null ? `${server.url}graphiql` : null,
    madeAdminToken: madeToken,
    health,
    metricsUrl: watch.metricsUrl,
    close: async () => {
      health.stop();
      // They let go of what they have while requests come to their end.
      workers?.stop();
      await closers.closeAll();
    },
  };
}

/** @param wake - is called when there is something for workers to do. */
function makeApi(core: Core, wake: () => void) {
  const { catalog, coverage, serving, search } = core;
  const { models, runs } = core.stores;
  const [backfills, steering] = [core.makeBackfills(wake), core.makeSteering(wake)];
  const embeddingStatus = new EmbeddingStatusService({ serving, coverage, models, runs });
  const comparisons = new ModelComparisons({ catalog, models, search });
  const duplicates = new DuplicateService(core.stores);
  const facets = new FacetService(catalog);
  const services = { backfills, steering, embeddingStatus, comparisons, duplicates, facets };
  return { schema: makeSchema({ ...core, ...services }), embeddingStatus };
}

function withToken(config: ServerConfig, token: string | null): ServerConfig {
  return token === null ? config : { ...config, access: { ...config.access, adminTokens: [token] } };
}

/** The configured model is another one than answers once CLIP_MODEL was changed: nobody is to wonder about that. */
async function tellModels({ configured, serving }: Core, log: Log): Promise<void> {
  const { name: searches } = await serving.identity();
  if (searches === configured.name) return;
  log.info(
    { searches, backfills: configured.name },
    'searches use the active model, and backfills embed with that of CLIP_MODEL by default; activateEmbeddingModel switches',
  );
}

/** A configured model that does not answer is loaded when it has a backfill, as any other. */
async function loadedParts({ pool, configured, partsOf }: Core): Promise<BackfillParts[]> {
  return pool.loaded(configured.name) === null ? [] : [await partsOf(configured)];
}

/** The demo draws its pictures and embeds itself at once; a shop's admin decides when. */
async function prepareWork(core: Core, signal: AbortSignal): Promise<void> {
  await core.prepareImages(signal);
  if (!core.isDemo) return;
  const { missing, stale } = await core.coverage.current(core.configured.name);
  const request = { model: null, scope: 'MISSING', productIds: null } as const;
  if (missing + stale > 0) await core.makeBackfills(() => undefined).start(request);
}
