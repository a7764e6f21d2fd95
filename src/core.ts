import { fillDemoCatalog } from '../demo/fill-demo-catalog.js';
import { renderDemoImages } from '../demo/render-demo-images.js';
import type { Closers } from './closers.js';
import type { Config } from './config.js';
import { openDatabases, type DatabaseOptions, type Databases } from './databases.js';
import type { BackfillParts, Stores } from './jobs/backfill-parts.js';
import { ImageEmbedder, makeDownloadSlots } from './jobs/embed-image.js';
import type { Log } from './log.js';
import { NO_BACKFILL_OBSERVER, NO_OBSERVER, type BackfillObserver, type Observer } from './observer.js';
import { BackfillSteering } from './services/backfill-steering.js';
import { BackfillService } from './services/backfill.js';
import { loadCatalog, type Catalog } from './services/catalog/catalog.js';
import { makeEncoderPool, type EncoderPool, type PooledModel } from './services/clip/encoder-pool.js';
import type { ClipEncoder } from './services/clip/image-encoder.js';
import { CoverageService } from './services/coverage.js';
import { EmbeddingModels } from './services/embedding-models.js';
import { makeImageSource, type ImageSource, type ImageSourceOverrides } from './services/images/image-source.js';
import { configuredModel, type ConfiguredModel } from './services/model-room.js';
import { PhotographVectors } from './services/photograph-vectors.js';
import { QueryImageService } from './services/query-image.js';
import { SearchCursors } from './services/search-cursor.js';
import { SearchService } from './services/search.js';
import { ServingModel } from './services/serving-model.js';
import { WordsQuestions } from './services/question-vectors.js';
import { makeModelRoom, makeStores } from './stores.js';
import type { ImageScope } from './types.js';

/** What tests put in the place of slow or distant things. There is no other seam. */
export interface CoreOverrides {
  /** Of the configured model. */
  encoder?: ClipEncoder;
  /** Of further models. */
  encoders?: readonly ClipEncoder[];
  lookup?: NonNullable<ImageSourceOverrides['lookup']>;
}

export interface CoreOptions extends DatabaseOptions {
  overrides?: CoreOverrides;
  /** Who watches; by default nobody does. */
  observer?: Observer;
  backfillObserver?: BackfillObserver;
}

/** Everything that a server and the commands share: databases, catalogue, models, stores, search. */
export interface Core {
  /** Whether the catalogue is the demo's. */
  isDemo: boolean;
  databases: Databases;
  observer: Observer;
  catalog: Catalog;
  source: ImageSource;
  stores: Stores;
  pool: EncoderPool;
  /** The model of CLIP_MODEL. */
  configured: ConfiguredModel;
  serving: ServingModel;
  models: EmbeddingModels;
  search: SearchService;
  queryImages: QueryImageService;
  /** Which images new runs go over. */
  imageScope: ImageScope;
  coverage: CoverageService;
  /** Starts backfills; `onWork` is called when there is something for workers to do. */
  makeBackfills: (onWork: () => void) => BackfillService;
  /** Steers backfills; `onWork` as above. */
  makeSteering: (onWork: () => void) => BackfillSteering;
  /**
   * Loads a model, and gives what the jobs of its backfills work with.
   *
   * @throws ModelUnavailableError where it can't be loaded, or was dropped.
   */
  partsOf: (model: PooledModel) => Promise<BackfillParts>;
  /** Draws the demo's pictures that are not there yet; nothing to do for a real shop. To be awaited before a backfill. */
  prepareImages: (signal: AbortSignal) => Promise<void>;
}

/**
 * Opens databases and catalogue. Where no model answers searches yet, the configured one is loaded and does from now on; else
 * models are loaded when they are needed. What it acquires is pushed on `closers` at once, so that the caller can let go of it
 * whether this succeeds or not.
 *
 * @throws AppError with one sentence on what is missing and how to mend it.
 */
export async function startCore(options: CoreOptions, closers: Closers): Promise<Core> {
  const { config, log, overrides = {}, observer = NO_OBSERVER, backfillObserver = NO_BACKFILL_OBSERVER } = options;
  const { encoder, encoders = [], lookup } = overrides;
  const databases = await openDatabases(options, closers);
  const catalog = await openCatalog(databases, config, log);
  const preloaded = [...(encoder ? [encoder] : []), ...encoders];
  const pool = makeEncoderPool({ config: config.clip, log, observer, preloaded });
  closers.push('encoders', () => pool.close());
  const source = makeImageSource(config.images, { log, ...(lookup && { lookup }) });
  closers.push('image source', () => source.close());
  const strangers = makeStrangersSource(config, { log, ...(lookup && { lookup }) });
  closers.push("strangers' image source", () => strangers.close());
  const stores = makeStores(databases.vector, config.vector, log);
  const configured = encoder
    ? { name: encoder.model.name, source: null }
    : await configuredModel(config.clip.model, stores.models);
  const watch = { observer, backfillObserver };
  const parts = { config, log, ...watch, databases, stores, catalog, pool, source, strangers, configured };
  if ((await stores.models.active()) === null) await activateConfigured(parts);
  return assemble(parts);
}

/** Opens the catalogue; the demo's is filled in first. */
export async function openCatalog({ catalogue: database }: Databases, config: Config, log: Log): Promise<Catalog> {
  if (config.catalogDatabaseUrl === null) await fillDemoCatalog({ database, log });
  return loadCatalog({ database, config: config.catalog, log });
}

interface CoreParts {
  config: Config;
  log: Log;
  observer: Observer;
  backfillObserver: BackfillObserver;
  databases: Databases;
  stores: Stores;
  catalog: Catalog;
  pool: EncoderPool;
  source: ImageSource;
  /** For addresses that anybody may give. */
  strangers: ImageSource;
  configured: ConfiguredModel;
}

/** What the shop's own addresses may reach is no business of strangers. */
function makeStrangersSource({ images, queryImages }: Config, overrides: ImageSourceOverrides): ImageSource {
  const { allowedPrivateHosts } = queryImages;
  const privateHostsVariable = 'QUERY_IMAGE_ALLOWED_PRIVATE_HOSTS';
  return makeImageSource({ ...images, allowedPrivateHosts }, { ...overrides, privateHostsVariable });
}

/** Any number of processes may do so at once: the model of one of them answers then. */
async function activateConfigured({ pool, stores, configured }: CoreParts): Promise<void> {
  const { model } = await pool.load(configured);
  await stores.embeddings.ensureModel({ ...model, source: configured.source });
  await stores.models.activateFirst(model.name);
}

function assemble(parts: CoreParts): Core {
  const { config, log, observer, stores, catalog, pool, source, strangers, configured } = parts;
  const { embeddings, failures } = stores;
  const { maxPixels, maxBytes } = config.images;
  const imageScope = config.backfill.images;
  const demoImages = config.catalogDatabaseUrl === null ? config.images.root : null;
  const serving = new ServingModel({ models: stores.models, pool, log });
  const coverage = new CoverageService({ imageScope, catalog, embeddings, failures });
  const { ttlSeconds } = config.queryImages;
  const photographs = new PhotographVectors({ maxPixels, observer });
  const queryImages = new QueryImageService({
    store: stores.queryImages,
    serving,
    source: strangers,
    photographs,
    maxBytes,
    ttlSeconds,
    observer,
  });
  const words = new WordsQuestions({ catalog, serving, queryImages });
  const cursors = new SearchCursors(stores.database);
  const onChange = (): void => serving.refresh();
  const room = makeModelRoom({ config, log, ...stores, configured, pool, onChange });
  return {
    isDemo: config.catalogDatabaseUrl === null,
    databases: parts.databases,
    observer,
    catalog,
    source,
    stores,
    pool,
    configured,
    serving,
    models: new EmbeddingModels({ ...stores, coverage, onChange }),
    search: new SearchService({ catalog, embeddings, serving, cursors, words, photographs, observer, log }),
    queryImages,
    imageScope,
    coverage,
    makeBackfills: (wakeWorkers) =>
      new BackfillService({ configured, room, imageScope, ...stores, catalog, wakeWorkers }),
    makeSteering: (wakeWorkers) =>
      new BackfillSteering({ imageScope, ...stores, wakeWorkers, observer: parts.backfillObserver }),
    partsOf: makePartsOf(parts),
    prepareImages: async (signal) => {
      if (demoImages !== null) await renderDemoImages({ imageDir: demoImages, log, signal });
    },
  };
}

/** The embedders of all models share the bounds on downloads, and each is shared by the workers of its model. */
function makePartsOf(parts: CoreParts): Core['partsOf'] {
  const { config, log, observer, backfillObserver, stores, catalog, pool, source, configured } = parts;
  const { maxPixels, maxAttempts } = config.images;
  const { batchSize, downloadConcurrency: total, downloadConcurrencyPerHost: perHost } = config.backfill;
  const slots = makeDownloadSlots({ total, perHost });
  const embedders = new Map<string, ImageEmbedder>();
  const makeEmbedder = (encoder: ClipEncoder): ImageEmbedder =>
    new ImageEmbedder({ source, encoder, maxPixels, slots, maxAttempts, observer, log });
  return async ({ name, source: origin }) => {
    const encoder = await pool.load({ name, source: origin });
    // Not where it was dropped while it was being loaded: that would bring it back.
    if (name === configured.name || (await stores.models.find(name)) !== null)
      await stores.embeddings.ensureModel({ ...encoder.model, source: origin });
    await stores.queue.ensureModel(name);
    const embedder = embedders.get(name) ?? makeEmbedder(encoder);
    embedders.set(name, embedder);
    return { model: encoder.model, ...stores, catalog, embedder, batchSize, observer: backfillObserver, log };
  };
}
