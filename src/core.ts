import { fillDemoCatalog } from '../demo/fill-demo-catalog.js';
import { renderDemoImages } from '../demo/render-demo-images.js';
import type { Closers } from './closers.js';
import type { Config } from './config.js';
import { makeDatabase, type Database } from './db/database.js';
import { openEmbeddedPostgres } from './db/embedded-postgres.js';
import { AppError } from './errors.js';
import { ImageEmbedder } from './jobs/embed-image.js';
import type { BackfillParts } from './jobs/backfill-parts.js';
import { JobQueue } from './jobs/queue.js';
import type { Log } from './log.js';
import { BackfillFailureStore } from './services/backfill-failure-store.js';
import { BackfillJobStore } from './services/backfill-job-store.js';
import { BackfillStore } from './services/backfill-store.js';
import { BackfillService } from './services/backfill.js';
import { loadCatalog, READ_ONLY_SESSION, type Catalog } from './services/catalog/catalog.js';
import { startClipEncoder } from './services/clip/clip-encoder.js';
import type { ImageEncoder } from './services/clip/image-encoder.js';
import { CoverageService } from './services/coverage.js';
import { FailureStore } from './services/failure-store.js';
import { makeImageSource, type ImageSource, type ImageSourceOverrides } from './services/images/image-source.js';
import { SearchService } from './services/search.js';
import { EmbeddingStore } from './services/vector/embedding-store.js';
import { vectorSessionSettings } from './services/vector/session-settings.js';
import { VectorIndex } from './services/vector/vector-index.js';
import { isUpToDate, upgradeVectorDatabase } from './upgrade-vector-database.js';

/** What tests put in the place of slow or distant things. There is no other seam. */
export interface CoreOverrides {
  encoder?: ImageEncoder;
  lookup?: NonNullable<ImageSourceOverrides['lookup']>;
}

export interface CoreOptions {
  config: Config;
  log: Log;
  /** What to do where another process has the data folder. */
  whenLocked: 'fail' | 'join';
  overrides?: CoreOverrides;
}

/** The databases, with the vector database up to date. */
export interface Databases {
  vector: Database;
  catalogue: Database;
  /** Whether the vector database is the embedded one. */
  isVectorEmbedded: boolean;
}

/** Everything that a server and the commands share: databases, catalogue, model, stores, search. */
export interface Core {
  /** Whether the catalogue is the demo's. */
  isDemo: boolean;
  catalog: Catalog;
  encoder: ImageEncoder;
  source: ImageSource;
  embeddings: EmbeddingStore;
  failures: FailureStore;
  runs: BackfillStore;
  search: SearchService;
  coverage: CoverageService;
  /** Starts and steers backfills; `onWork` is called when there is something for workers to do. */
  makeBackfills: (onWork: () => void) => BackfillService;
  /** What the jobs of backfills work with. */
  parts: BackfillParts;
  /** Draws the demo's pictures that are not there yet; nothing to do for a real shop. To be awaited before a backfill. */
  prepareImages: (signal: AbortSignal) => Promise<void>;
}

/**
 * Opens databases, catalogue and model. What it acquires is pushed on `closers` at once, so that the caller can let go of it
 * whether this succeeds or not.
 *
 * @throws AppError with one sentence on what is missing and how to mend it.
 */
export async function startCore(options: CoreOptions, closers: Closers): Promise<Core> {
  const { config, log, overrides = {} } = options;
  const databases = await openDatabases(options, closers);
  if (config.catalogDatabaseUrl === null) await fillDemoCatalog({ database: databases.catalogue, log });
  const catalog = await loadCatalog({ database: databases.catalogue, config: config.catalog, log });
  const encoder = overrides.encoder ?? (await startClipEncoder({ config: config.clip, log }));
  closers.push('encoder', () => encoder.close());
  const source = makeImageSource(config.images, { log, ...(overrides.lookup && { lookup: overrides.lookup }) });
  closers.push('image source', () => source.close());
  return assemble({ config, log, databases, catalog, encoder, source });
}

/** Opens both databases; brings the vector database up to date where that is allowed. */
async function openDatabases(options: CoreOptions, closers: Closers): Promise<Databases> {
  const { config, log } = options;
  const urls = await databaseUrls(options, closers);
  const maxConnections = config.databasePoolSize;
  const onConnect = vectorSessionSettings(config.vector);
  const vector = makeDatabase({ url: urls.vector, name: 'vector', maxConnections, log, onConnect });
  closers.push('vector database', () => vector.close());
  await bringUpToDate(vector, { url: urls.vector, log, isAllowed: urls.isVectorEmbedded || config.migrateOnStart });
  // The embedded Postgres has one session for all, and the demo is filled in through it.
  const readOnly = config.catalogDatabaseUrl === null ? {} : { onConnect: READ_ONLY_SESSION };
  const catalogue = makeDatabase({ url: urls.catalogue, name: 'catalogue', maxConnections, log, ...readOnly });
  closers.push('catalogue database', () => catalogue.close());
  return { vector, catalogue, isVectorEmbedded: urls.isVectorEmbedded };
}

async function databaseUrls({ config, log, whenLocked }: CoreOptions, closers: Closers) {
  const { catalogDatabaseUrl, vectorDatabaseUrl } = config;
  if (catalogDatabaseUrl !== null && vectorDatabaseUrl !== null) {
    return { catalogue: catalogDatabaseUrl, vector: vectorDatabaseUrl, isVectorEmbedded: false };
  }
  const embedded = await openEmbeddedPostgres({ dataDir: config.dataDir, log, whenLocked });
  closers.push('embedded Postgres', () => embedded.close());
  return {
    catalogue: catalogDatabaseUrl ?? embedded.url,
    vector: vectorDatabaseUrl ?? embedded.url,
    isVectorEmbedded: vectorDatabaseUrl === null,
  };
}

async function bringUpToDate(
  vector: Database,
  { url, log, isAllowed }: { url: string; log: Log; isAllowed: boolean },
): Promise<void> {
  if (await isUpToDate(vector)) return;
  if (!isAllowed) {
    throw new AppError(
      'SERVICE_UNAVAILABLE',
      'The vector database is not up to date: run `lookalike migrate`, or set MIGRATE_ON_START=true.',
      { logLevel: 'error' },
    );
  }
  await upgradeVectorDatabase({ url, log });
}

interface CoreParts {
  config: Config;
  log: Log;
  databases: Databases;
  catalog: Catalog;
  encoder: ImageEncoder;
  source: ImageSource;
}

async function assemble({ config, log, databases, catalog, encoder, source }: CoreParts): Promise<Core> {
  const database = databases.vector;
  const { index: kind, exactSearchRows } = config.vector;
  const engine = databases.isVectorEmbedded ? 'embedded' : 'server';
  const index = new VectorIndex({ database, engine, kind, exactSearchRows, log });
  const embeddings = new EmbeddingStore(database, index);
  await embeddings.ensureModel(encoder.model);
  const failures = new FailureStore(database);
  const runs = new BackfillStore(database);
  const jobs = new BackfillJobStore(database);
  const runFailures = new BackfillFailureStore(database);
  const queue = new JobQueue(database);
  const { maxPixels, maxAttempts } = config.images;
  const { batchSize, downloadConcurrency, downloadConcurrencyPerHost } = config.backfill;
  const embedder = new ImageEmbedder({
    source,
    encoder,
    maxPixels,
    downloadConcurrency,
    downloadConcurrencyPerHost,
    maxAttempts,
    log,
  });
  const model = encoder.model;
  await queue.ensureModel(model.name);
  const imageScope = config.backfill.images;
  const stores = { catalog, database, embeddings, failures, runs, jobs, runFailures, queue };
  const parts = { model, ...stores, embedder, batchSize, index, log };
  const coverage = new CoverageService({ imageScope, catalog, embeddings, failures });
  const makeBackfills = (wakeWorkers: () => void) => new BackfillService({ model, imageScope, ...stores, wakeWorkers });
  const search = new SearchService({ catalog, embeddings, encoder, maxPixels });
  const isDemo = config.catalogDatabaseUrl === null;
  const demoImages = isDemo ? config.images.root : null;
  const prepareImages = async (signal: AbortSignal): Promise<void> => {
    if (demoImages !== null) await renderDemoImages({ imageDir: demoImages, log, signal });
  };
  return {
    isDemo,
    catalog,
    encoder,
    source,
    embeddings,
    failures,
    runs,
    search,
    coverage,
    makeBackfills,
    parts,
    prepareImages,
  };
}
