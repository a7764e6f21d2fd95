import { fillDemoCatalog } from '../demo/fill-demo-catalog.js';
import { renderDemoImages } from '../demo/render-demo-images.js';
import type { Closers } from './closers.js';
import type { Config } from './config.js';
import { openDatabases, type DatabaseOptions, type Databases } from './databases.js';
import { ImageEmbedder } from './jobs/embed-image.js';
import type { BackfillParts, Stores } from './jobs/backfill-parts.js';
import type { Log } from './log.js';
import { BackfillSteering } from './services/backfill-steering.js';
import type { BackfillStore } from './services/backfill-store.js';
import { BackfillService } from './services/backfill.js';
import { loadCatalog, type Catalog } from './services/catalog/catalog.js';
import { startClipEncoder } from './services/clip/clip-encoder.js';
import { resolveModel } from './services/clip/clip-models.js';
import type { ClipEncoder } from './services/clip/image-encoder.js';
import { CoverageService } from './services/coverage.js';
import { makeImageSource, type ImageSource, type ImageSourceOverrides } from './services/images/image-source.js';
import { SearchService } from './services/search.js';
import type { EmbeddingStore } from './services/vector/embedding-store.js';
import { makeStores } from './stores.js';
import type { ImageScope } from './types.js';

/** What tests put in the place of slow or distant things. There is no other seam. */
export interface CoreOverrides {
  encoder?: ClipEncoder;
  lookup?: NonNullable<ImageSourceOverrides['lookup']>;
}

export interface CoreOptions extends DatabaseOptions {
  overrides?: CoreOverrides;
}

/** Everything that a server and the commands share: databases, catalogue, model, stores, search. */
export interface Core {
  /** Whether the catalogue is the demo's. */
  isDemo: boolean;
  catalog: Catalog;
  encoder: ClipEncoder;
  source: ImageSource;
  embeddings: EmbeddingStore;
  runs: BackfillStore;
  search: SearchService;
  /** Which images new runs go over. */
  imageScope: ImageScope;
  coverage: CoverageService;
  /** Starts backfills; `onWork` is called when there is something for workers to do. */
  makeBackfills: (onWork: () => void) => BackfillService;
  /** Steers backfills; `onWork` as above. */
  makeSteering: (onWork: () => void) => BackfillSteering;
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
  const catalog = await openCatalog(databases, config, log);
  const encoder = overrides.encoder ?? (await startClipEncoder({ config: config.clip, log }));
  closers.push('encoder', () => encoder.close());
  const source = makeImageSource(config.images, { log, ...(overrides.lookup && { lookup: overrides.lookup }) });
  closers.push('image source', () => source.close());
  const stores = makeStores(databases.vector, config.vector, log);
  await stores.embeddings.ensureModel(encoder.model);
  await stores.queue.ensureModel(encoder.model.name);
  return assemble({ config, log, stores, catalog, encoder, source });
}

/**
 * Opens what telling needs what a backfill would do: databases and catalogue, and not the model. What it acquires is pushed on
 * `closers`.
 *
 * @throws AppError with one sentence on what is missing and how to mend it.
 */
export async function openEstimates(options: DatabaseOptions, closers: Closers): Promise<BackfillService> {
  const { config, log } = options;
  const model = resolveModel(config.clip.model);
  const databases = await openDatabases(options, closers);
  const catalog = await openCatalog(databases, config, log);
  const stores = makeStores(databases.vector, config.vector, log);
  const imageScope = config.backfill.images;
  return new BackfillService({ model, imageScope, ...stores, catalog, wakeWorkers: () => undefined });
}

async function openCatalog({ catalogue: database }: Databases, config: Config, log: Log): Promise<Catalog> {
  if (config.catalogDatabaseUrl === null) await fillDemoCatalog({ database, log });
  return loadCatalog({ database, config: config.catalog, log });
}

interface CoreParts {
  config: Config;
  log: Log;
  stores: Stores;
  catalog: Catalog;
  encoder: ClipEncoder;
  source: ImageSource;
}

function assemble({ config, log, stores, catalog, encoder, source }: CoreParts): Core {
  const { embeddings, failures, runs } = stores;
  const { model } = encoder;
  const { maxPixels, maxAttempts } = config.images;
  const { batchSize, downloadConcurrency, downloadConcurrencyPerHost, images: imageScope } = config.backfill;
  const limits = { maxPixels, downloadConcurrency, downloadConcurrencyPerHost, maxAttempts };
  const embedder = new ImageEmbedder({ source, encoder, ...limits, log });
  const demoImages = config.catalogDatabaseUrl === null ? config.images.root : null;
  return {
    isDemo: config.catalogDatabaseUrl === null,
    catalog,
    encoder,
    source,
    embeddings,
    runs,
    search: new SearchService({ catalog, embeddings, encoder, maxPixels }),
    imageScope,
    coverage: new CoverageService({ imageScope, catalog, embeddings, failures }),
    makeBackfills: (wakeWorkers) => new BackfillService({ model, imageScope, ...stores, catalog, wakeWorkers }),
    makeSteering: (wakeWorkers) => new BackfillSteering({ imageScope, ...stores, wakeWorkers }),
    parts: { model, ...stores, catalog, embedder, batchSize, log },
    prepareImages: async (signal) => {
      if (demoImages !== null) await renderDemoImages({ imageDir: demoImages, log, signal });
    },
  };
}
