import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { ConfigError, type ConfigFault } from './errors.js';
import type { LogOptions } from './log.js';
import type { ImageScope } from './types.js';

/** Names of catalogue columns that differ from the usual ones, by what they hold: `{ title: 'product_name' }`. */
export type CatalogColumnNames = Readonly<Record<string, string>>;

export interface CatalogConfig {
  /** Relation of products, optionally with its schema: `public.products`. */
  products: string;
  /** Relation of product images. */
  images: string;
  columns: CatalogColumnNames;
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
}

export interface BackfillConfig {
  /** Image rows that are stored in one transaction. */
  batchSize: number;
  /** Photographs that are fetched at the same time. */
  downloadConcurrency: number;
  /** The same, from one host. */
  downloadConcurrencyPerHost: number;
  images: ImageScope;
}

/** Everything that can be set from outside. Made by {@link loadConfig} alone. */
export interface Config {
  host: string;
  /** 0 lets the system choose. */
  port: number;
  /** Origins (`https://shop.example`) whose pages may call this server from a browser; `*` allows all. */
  allowedOrigins: readonly string[];
  /** Absolute path. Holds the embedded database, downloaded models and the demo's photographs. */
  dataDir: string;
  /** Null where the operator has set none: the server then makes one. */
  adminToken: string | null;
  log: Pick<LogOptions, 'level' | 'format'>;
  /** Null runs the demo catalogue. */
  catalogDatabaseUrl: string | null;
  /** Null runs the embedded Postgres in `dataDir`. */
  vectorDatabaseUrl: string | null;
  /** Connections that this process opens to each database at most. */
  databasePoolSize: number;
  migrateOnStart: boolean;
  catalog: CatalogConfig;
  images: ImageConfig;
  clip: ClipConfig;
  vector: VectorConfig;
  backfill: BackfillConfig;
}

type Environment = Readonly<Record<string, string | undefined>>;

const integer = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^-?\d+$/, { error: `must be a whole number from ${minimum} to ${maximum}` })
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, {
      error: `must be a whole number from ${minimum} to ${maximum}`,
    });

const flag = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .default('false')
  .transform((value) => value === 'true');

const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values, fallback: Values[number]) =>
  z
    .enum(values, { error: `must be one of ${values.join(', ')}` })
    .default(fallback as z.util.NoUndefined<Values[number]>);

/** Only its beginning is looked at: `postgresql:///db?host=/run/postgresql` is one too, though no URL by the web's rules. */
const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\/[^\s]+$/, {
    error: 'must be a Postgres address like postgresql://user:password@host:5432/database',
  })
  .optional();

const httpUrl = z.string().refine((value) => /^https?:$/.test(protocolOf(value)), {
  error: 'must be an address that begins with http:// or https://',
});

/** One or two SQL identifiers with a dot between them. They are quoted where they are used. */
const relation = z
  .string()
  .regex(/^[^."\0]+(\.[^."\0]+)?$/, { error: 'must be a table or view name, optionally schema.name, without quotes' })
  .optional();

const columns = z
  .string()
  .regex(/^[a-z_]+=[^=,"\0]+(,[a-z_]+=[^=,"\0]+)*$/, { error: 'must look like title=product_name,price=list_price' })
  .transform((value) => Object.fromEntries(value.split(',').map((pair) => splitOnce(pair, '='))))
  .default({});

const list = z
  .string()
  .transform((value) => value.split(',').map((entry) => entry.trim()))
  .pipe(z.array(z.string().min(1, { error: 'must be names separated by single commas' })))
  .default([]);

const MEGABYTE = 1024 * 1024;

const schema = z.object({
  DATABASE_URL: postgresUrl,
  DATABASE_URL_PRIVATE: postgresUrl,
  VECTOR_DATABASE_URL: postgresUrl,
  DATABASE_POOL_SIZE: integer(1, 500).default(10),
  MIGRATE_ON_START: flag,
  HOST: z.string().default('127.0.0.1'),
  PORT: integer(0, 65_535).default(4000),
  DATA_DIR: z.string().default('.lookalike'),
  ALLOWED_ORIGINS: list,
  ADMIN_TOKEN: z.string().min(16, { error: 'must have at least 16 characters' }).optional(),
  LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info'),
  LOG_FORMAT: oneOf(['pretty', 'json'], 'pretty'),
  CATALOG_PRODUCTS: relation,
  CATALOG_IMAGES: relation,
  CATALOG_COLUMNS: columns,
  IMAGE_BASE_URL: httpUrl.optional(),
  IMAGE_ROOT: z.string().optional(),
  IMAGE_ALLOWED_PRIVATE_HOSTS: list,
  IMAGE_MAX_BYTES: integer(1024, 1024 * MEGABYTE).default(20 * MEGABYTE),
  IMAGE_MAX_PIXELS: integer(1024, 268_000_000).default(40_000_000),
  IMAGE_TIMEOUT_MS: integer(100, 600_000).default(30_000),
  IMAGE_MAX_ATTEMPTS: integer(1, 10).default(3),
  CLIP_MODEL: z.string().optional(),
  CLIP_DEVICE: oneOf(['auto', 'cpu', 'cuda'], 'auto'),
  CLIP_THREADS: integer(1, 512).default(availableParallelism()),
  CLIP_CACHE_DIR: z.string().optional(),
  CLIP_MAX_QUEUED: integer(1, 100_000).default(256),
  HF_ENDPOINT: httpUrl.default('https://huggingface.co'),
  HF_TOKEN: z.string().optional(),
  HF_HUB_OFFLINE: flag,
  VECTOR_INDEX: oneOf(['hnsw', 'ivfflat', 'none'], 'hnsw'),
  EXACT_SEARCH_ROWS: integer(0, 10_000_000).optional(),
  HNSW_EF_SEARCH: integer(1, 1000).default(200),
  BATCH_SIZE: integer(1, 1000).default(100),
  DOWNLOAD_CONCURRENCY: integer(1, 256).default(16),
  DOWNLOAD_CONCURRENCY_PER_HOST: integer(1, 256).default(8),
  BACKFILL_IMAGES: oneOf(['main', 'all'], 'main'),
});

/** Every variable that {@link loadConfig} reads; `.env.example` is checked against it. */
export const configVariables: readonly string[] = Object.keys(schema.shape);

/**
 * Reads the configuration out of an environment. A variable that is empty counts as not set.
 *
 * @throws ConfigError with every fault there is.
 */
export function loadConfig(env: Environment): Config {
  const given = Object.fromEntries(configVariables.map((name) => [name, blankToUndefined(env[name])]));
  const parsed = schema.safeParse(given);
  const faults = parsed.success ? [] : faultsOf(parsed.error, given);
  faults.push(...faultsBetween(given));
  if (faults.length > 0 || !parsed.success) throw new ConfigError(faults);
  return toConfig(parsed.data);
}

function faultsOf(error: z.ZodError, given: Environment): ConfigFault[] {
  return error.issues.map((issue) => {
    const variable = String(issue.path[0]);
    return { variable, message: `"${shown(variable, given[variable])}" is not accepted: it ${issue.message}.` };
  });
}

/** Faults of values that are fine by themselves and wrong together. */
function faultsBetween(given: Environment): ConfigFault[] {
  const faults: ConfigFault[] = [];
  if (given.VECTOR_DATABASE_URL && !given.DATABASE_URL && !given.DATABASE_URL_PRIVATE) {
    faults.push({
      variable: 'DATABASE_URL',
      message: 'It is not set, though VECTOR_DATABASE_URL is: set it to the catalogue database to embed.',
    });
  }
  if (given.IMAGE_BASE_URL && given.IMAGE_ROOT) {
    faults.push({
      variable: 'IMAGE_ROOT',
      message: 'It is set together with IMAGE_BASE_URL: relative image URLs can be under only one of them.',
    });
  }
  return faults;
}

function toConfig(values: z.infer<typeof schema>): Config {
  const dataDir = resolve(values.DATA_DIR);
  const catalogDatabaseUrl = values.DATABASE_URL_PRIVATE ?? values.DATABASE_URL ?? null;
  const isDemo = catalogDatabaseUrl === null;
  return {
    host: values.HOST,
    port: values.PORT,
    allowedOrigins: values.ALLOWED_ORIGINS,
    dataDir,
    adminToken: values.ADMIN_TOKEN ?? null,
    log: { level: values.LOG_LEVEL, format: values.LOG_FORMAT },
    catalogDatabaseUrl,
    vectorDatabaseUrl: values.VECTOR_DATABASE_URL ?? null,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    migrateOnStart: values.MIGRATE_ON_START,
    catalog: {
      products: values.CATALOG_PRODUCTS ?? (isDemo ? 'demo.products' : 'products'),
      images: values.CATALOG_IMAGES ?? (isDemo ? 'demo.product_images' : 'product_images'),
      columns: values.CATALOG_COLUMNS,
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
    },
    backfill: {
      batchSize: values.BATCH_SIZE,
      downloadConcurrency: values.DOWNLOAD_CONCURRENCY,
      downloadConcurrencyPerHost: values.DOWNLOAD_CONCURRENCY_PER_HOST,
      images: values.BACKFILL_IMAGES,
    },
  };
}

/** Secrets never come back in a message, not even mistyped ones. */
function shown(variable: string, value: string | undefined): string {
  return /URL|TOKEN/.test(variable) ? '…' : (value ?? '');
}

function blankToUndefined(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === '' ? undefined : trimmed;
}

function protocolOf(value: string): string {
  return URL.canParse(value) ? new URL(value).protocol : '';
}

function withTrailingSlash(value: string): string {
  return value.endsWith('/') ? value : `${value}/`;
}

function splitOnce(value: string, separator: string): [string, string] {
  const at = value.indexOf(separator);
  return [value.slice(0, at), value.slice(at + separator.length)];
}
