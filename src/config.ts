import { resolve } from 'node:path';
import { faultsBetween, faultsOf, type Environment } from './config-faults.js';
import { environment, type EnvironmentValues } from './environment.js';
import { ConfigError, type ConfigFault } from './errors.js';
import type { LogOptions } from './log.js';
import { toServerConfig, toTelemetryConfig, type ServerConfig, type TelemetryConfig } from './server-config.js';
import type { ImageScope } from './types.js';

/** Names of catalogue columns that differ from the usual ones, by what they hold: `{ title: 'product_name' }`. */
export type CatalogColumnNames = Readonly<Record<string, string>>;

export interface CatalogConfig {
  /** Relation of products, optionally with its schema: `public.products`. */
  products: string;
  /** Relation of product images. */
  images: string;
  columns: CatalogColumnNames;
  /** Further columns of products that searches may be filtered by: `{ size: 'shoe_size' }`. */
  filters: CatalogColumnNames;
}

export interface ImageConfig {
  /** Base for relative image URLs, ending in a slash; null where there is none. */
  baseUrl: string | null;
  /** Absolute path of the folder that holds relative image URLs; null where there is none. */
  root: string | null;
  /** Hosts (or `host:port`) that may be fetched from although their address is private. */
  allowedPrivateHosts: readonly string[];
  /** Cap on the bytes of one photograph, fetched or uploaded. */
  maxBytes: number;
  /** Cap on width times height of one photograph. */
  maxPixels: number;
  /** Total time that one attempt to fetch a photograph may take. */
  timeoutMs: number;
  /** Attempts at a photograph whose host answers 429, 5xx or nothing, the first one included. */
  maxAttempts: number;
}

/** Photographs that strangers search with. */
export interface QueryImageConfig {
  /** How long one can be searched with. */
  ttlSeconds: number;
  /** As in {@link ImageConfig}, for the addresses that strangers give. */
  allowedPrivateHosts: readonly string[];
}

export type ClipDevice = 'auto' | 'cpu' | 'cuda';

export interface ClipConfig {
  /** One of the three short names, a hub id (`org/name`), a local folder, or `tiny-clip` for the bundled one. */
  model: string;
  device: ClipDevice;
  /** Threads that one inference uses. */
  threads: number;
  /** Folder that downloaded models are kept in. */
  cacheDir: string;
  /** Base address of the hub. */
  endpoint: string;
  /** Access token of the hub; null for public models. */
  token: string | null;
  /** Never ask the hub; take what is in `cacheDir`. */
  offline: boolean;
  /** Images that may wait for inference before further searches are refused. */
  maxQueued: number;
}

export type VectorIndexKind = 'hnsw' | 'ivfflat' | 'none';

export interface VectorConfig {
  index: VectorIndexKind;
  /** Up to this many rows a search scans all of them, which is exact; null for the engine's own default. */
  exactSearchRows: number | null;
  /** HNSW candidates a search keeps. */
  efSearch: number;
  /** Lists that an IVFFlat search reads. */
  probes: number;
}

export interface BackfillConfig {
  /** Image rows that are stored in one transaction. */
  batchSize: number;
  /** Photographs that are fetched at the same time. */
  downloadConcurrency: number;
  /** The same, from one host. */
  downloadConcurrencyPerHost: number;
  images: ImageScope;
  /** Workers inside the server; 0 leaves backfills to other processes. */
  workers: number;
  /** How often workers look whether the catalogue has changed, in seconds; null never. */
  syncEverySeconds: number | null;
  /** How long runs and their failures are kept after their end. */
  historyDays: number;
}

/** Everything that can be set from outside. Made by {@link loadConfig} alone. */
export interface Config {
  server: ServerConfig;
  telemetry: TelemetryConfig;
  /** Absolute path. Holds the embedded database, downloaded models and the demo's photographs. */
  dataDir: string;
  log: Pick<LogOptions, 'level' | 'format'>;
  /** Null runs the demo catalogue. */
  catalogDatabaseUrl: string | null;
  /** Null runs the embedded Postgres in `dataDir`. */
  vectorDatabaseUrl: string | null;
  /** Connections that this process opens to each database at most. */
  databasePoolSize: number;
  migrateOnStart: boolean;
  queryImages: QueryImageConfig;
  catalog: CatalogConfig;
  images: ImageConfig;
  clip: ClipConfig;
  vector: VectorConfig;
  backfill: BackfillConfig;
}

/** The demo is there to be played with, so that a change shows within a minute. */
const DEMO_SYNC_SECONDS = 60;

/** Every variable that {@link loadConfig} reads; `.env.example` is checked against it. */
export const configVariables: readonly string[] = Object.keys(environment.shape);

/**
 * Reads the configuration out of an environment. A variable that is empty counts as not set.
 *
 * @throws ConfigError with every fault there is.
 */
export function loadConfig(env: Environment): Config {
  const { config, faults } = loadUsableConfig(env);
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

/**
 * As {@link loadConfig}, for who wants to look at the rest in spite of faults.
 *
 * @returns the configuration in which a variable whose value is not accepted counts as not set, and every fault there is.
 */
export function loadUsableConfig(env: Environment): { config: Config; faults: ConfigFault[] } {
  const given = Object.fromEntries(configVariables.map((name) => [name, blankToUndefined(env[name])]));
  const parsed = environment.safeParse(given);
  if (parsed.success) return { config: toConfig(parsed.data), faults: faultsBetween(given) };
  const faults = faultsOf(parsed.error, given);
  const refused = new Set(faults.map(({ variable }) => variable));
  const accepted = Object.fromEntries(Object.entries(given).filter(([name]) => !refused.has(name)));
  return { config: toConfig(environment.parse(accepted)), faults: [...faults, ...faultsBetween(given)] };
}

function toConfig(values: EnvironmentValues): Config {
  const dataDir = resolve(values.DATA_DIR);
  const catalogDatabaseUrl = values.DATABASE_URL_PRIVATE ?? values.DATABASE_URL ?? null;
  const isDemo = catalogDatabaseUrl === null;
  return {
    server: toServerConfig(values, isDemo),
    telemetry: toTelemetryConfig(values),
    dataDir,
    log: { level: values.LOG_LEVEL, format: values.LOG_FORMAT },
    catalogDatabaseUrl,
    vectorDatabaseUrl: values.VECTOR_DATABASE_URL ?? null,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    migrateOnStart: values.MIGRATE_ON_START,
    queryImages: {
      ttlSeconds: values.QUERY_IMAGE_TTL,
      allowedPrivateHosts: values.QUERY_IMAGE_ALLOWED_PRIVATE_HOSTS,
    },
    catalog: {
      products: values.CATALOG_PRODUCTS ?? (isDemo ? 'demo.products' : 'products'),
      images: values.CATALOG_IMAGES ?? (isDemo ? 'demo.product_images' : 'product_images'),
      columns: values.CATALOG_COLUMNS,
      filters: values.CATALOG_FILTERS,
    },
    images: {
      baseUrl: values.IMAGE_BASE_URL === undefined ? null : withTrailingSlash(values.IMAGE_BASE_URL),
      root: values.IMAGE_ROOT === undefined ? (isDemo ? resolve(dataDir, 'demo') : null) : resolve(values.IMAGE_ROOT),
      allowedPrivateHosts: values.IMAGE_ALLOWED_PRIVATE_HOSTS,
      maxBytes: values.IMAGE_MAX_BYTES,
      maxPixels: values.IMAGE_MAX_PIXELS,
      timeoutMs: values.IMAGE_TIMEOUT_MS,
      maxAttempts: values.IMAGE_MAX_ATTEMPTS,
    },
    clip: {
      model: values.CLIP_MODEL ?? (isDemo ? 'tiny-clip' : 'clip-ViT-B-32'),
      device: values.CLIP_DEVICE,
      threads: values.CLIP_THREADS,
      cacheDir: values.CLIP_CACHE_DIR === undefined ? resolve(dataDir, 'models') : resolve(values.CLIP_CACHE_DIR),
      endpoint: withTrailingSlash(values.HF_ENDPOINT),
      token: values.HF_TOKEN ?? null,
      offline: values.HF_HUB_OFFLINE,
      maxQueued: values.CLIP_MAX_QUEUED,
    },
    vector: {
      index: values.VECTOR_INDEX,
      exactSearchRows: values.EXACT_SEARCH_ROWS ?? null,
      efSearch: values.HNSW_EF_SEARCH,
      probes: values.IVFFLAT_PROBES,
    },
    backfill: {
      batchSize: values.BATCH_SIZE,
      downloadConcurrency: values.DOWNLOAD_CONCURRENCY,
      downloadConcurrencyPerHost: values.DOWNLOAD_CONCURRENCY_PER_HOST,
      images: values.BACKFILL_IMAGES,
      workers: values.WORKERS,
      syncEverySeconds: (values.SYNC_INTERVAL ?? (isDemo ? DEMO_SYNC_SECONDS : 0)) || null,
      historyDays: values.BACKFILL_HISTORY_DAYS,
    },
  };
}

function blankToUndefined(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === '' ? undefined : trimmed;
}

function withTrailingSlash(value: string): string {
  return value.endsWith('/') ? value : `${value}/`;
}
