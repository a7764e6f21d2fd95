import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { saysTrustedProxies } from './trusted-proxies.js';

/*
 * The form of every environment variable, and what it is where it is not set. What they mean is in config.ts.
 */

const integer = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^-?\d+$/, { error: `must be a whole number from ${minimum} to ${maximum}` })
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, {
      error: `must be a whole number from ${minimum} to ${maximum}`,
    });

const trueOrFalse = z.enum(['true', 'false'], { error: 'must be true or false' });

const flag = trueOrFalse.default('false').transform((value) => value === 'true');

/** Whether it is on where it is not set hangs on other variables. */
const optionalFlag = trueOrFalse.transform((value) => value === 'true').optional();

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

/** `color`, or `color=colour_name` where the column has another name. */
const filters = z
  .string()
  .regex(/^[A-Za-z_]\w*(=[^=,"\0]+)?(,[A-Za-z_]\w*(=[^=,"\0]+)?)*$/, { error: 'must look like color,size=shoe_size' })
  .transform((value) => Object.fromEntries(value.split(',').map((entry) => namedColumn(entry))))
  .default({});

const listOf = (form: RegExp, error: string) =>
  z
    .string()
    .transform((value) => value.split(',').map((entry) => entry.trim()))
    .pipe(z.array(z.string().regex(form, { error })))
    .default([]);

/** Several at a time let a new token be handed out before the old one is withdrawn. */
const tokens = listOf(
  /^(sha256:[\da-f]{64}|(?!sha256:)\S{16,})$/,
  'must be tokens of at least 16 characters, or sha256: and 64 hexadecimal digits, separated by commas',
);

/** `1`, or `loopback,10.0.0.0/8`. Never `true`: any client could say then where it comes from. */
const proxies = z
  .string()
  .refine(saysTrustedProxies, {
    error: 'must be how many proxies there are in front, or their addresses like loopback,10.0.0.0/8',
  })
  .transform((value) => (/^\d+$/.test(value) ? Number(value) : value.split(',').map((entry) => entry.trim())))
  .default(0);

const MEGABYTE = 1024 * 1024;

/** The environment; `environment.parse` gives each variable in its own type. */
export const environment = z.object({
  DATABASE_URL: postgresUrl,
  DATABASE_URL_PRIVATE: postgresUrl,
  VECTOR_DATABASE_URL: postgresUrl,
  DATABASE_POOL_SIZE: integer(1, 500).default(10),
  MIGRATE_ON_START: flag,
  HOST: z.string().default('127.0.0.1'),
  PORT: integer(0, 65_535).default(4000),
  DATA_DIR: z.string().default('.lookalike'),
  ALLOWED_ORIGINS: listOf(
    /^(\*|https?:\/\/[^/\s]+)$/,
    'must be origins like https://shop.example, without a path, or *',
  ),
  GRAPHIQL: optionalFlag,
  INTROSPECTION: optionalFlag,
  TRUST_PROXY: proxies,
  PUBLIC_ACCESS: oneOf(['search', 'none'], 'search'),
  ADMIN_TOKEN: tokens,
  READ_TOKEN: tokens,
  JWT_JWKS_URL: httpUrl.optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),
  JWT_ROLE_CLAIM: z.string().default('role'),
  RATE_LIMIT_UPLOADS: integer(0, 1_000_000).optional(),
  RATE_LIMIT_SEARCHES: integer(0, 1_000_000).optional(),
  MAX_OPERATIONS: integer(1, 100_000).default(64),
  GRAPHQL_MAX_COST: integer(100, 1_000_000).default(5000),
  TRUSTED_DOCUMENTS: z.string().optional(),
  REQUEST_TIMEOUT_MS: integer(1000, 3_600_000).default(60_000),
  STOP_DELAY_MS: integer(0, 300_000).default(500),
  CACHE_SECONDS: integer(0, 86_400).default(60),
  METRICS_PORT: integer(0, 65_535).optional(),
  SLOW_OPERATION_MS: integer(1, 3_600_000).default(1000),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: httpUrl.optional(),
  OTEL_SERVICE_NAME: z.string().optional(),
  OTEL_SDK_DISABLED: flag,
  LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info'),
  LOG_FORMAT: oneOf(['pretty', 'json'], 'pretty'),
  CATALOG_PRODUCTS: relation,
  CATALOG_IMAGES: relation,
  CATALOG_COLUMNS: columns,
  CATALOG_FILTERS: filters,
  IMAGE_BASE_URL: httpUrl.optional(),
  IMAGE_ROOT: z.string().optional(),
  IMAGE_ALLOWED_PRIVATE_HOSTS: listOf(/^[^\s/@]+$/, 'must be hosts, or host:port, separated by commas'),
  IMAGE_MAX_BYTES: integer(1024, 1024 * MEGABYTE).default(20 * MEGABYTE),
  IMAGE_MAX_PIXELS: integer(1024, 268_000_000).default(40_000_000),
  IMAGE_TIMEOUT_MS: integer(100, 600_000).default(30_000),
  IMAGE_MAX_ATTEMPTS: integer(1, 10).default(3),
  QUERY_IMAGE_ALLOWED_PRIVATE_HOSTS: listOf(/^[^\s/@]+$/, 'must be hosts, or host:port, separated by commas'),
  QUERY_IMAGE_TTL: integer(60, 2_592_000).default(86_400),
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
  HNSW_EF_SEARCH: integer(1, 1000).default(400),
  IVFFLAT_PROBES: integer(1, 32_768).default(32),
  BATCH_SIZE: integer(1, 1000).default(100),
  DOWNLOAD_CONCURRENCY: integer(1, 256).default(16),
  DOWNLOAD_CONCURRENCY_PER_HOST: integer(1, 256).default(8),
  BACKFILL_IMAGES: oneOf(['main', 'all'], 'main'),
  BACKFILL_HISTORY_DAYS: integer(1, 36_500).default(90),
  SYNC_INTERVAL: integer(0, 604_800).optional(),
  WORKERS: integer(0, 8).default(1),
});

/** The variables, parsed. */
export type EnvironmentValues = z.infer<typeof environment>;

function protocolOf(value: string): string {
  return URL.canParse(value) ? new URL(value).protocol : '';
}

function namedColumn(entry: string): [name: string, column: string] {
  return entry.includes('=') ? splitOnce(entry, '=') : [entry, entry];
}

function splitOnce(value: string, separator: string): [string, string] {
  const at = value.indexOf(separator);
  return [value.slice(0, at), value.slice(at + separator.length)];
}
