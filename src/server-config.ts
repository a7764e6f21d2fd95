import { resolve } from 'node:path';
import type { EnvironmentValues } from './environment.js';

/** Who may search: `search` anybody, `none` only who has a token. */
export type PublicAccess = 'search' | 'none';

/** Where tokens come from that somebody else signs. */
export interface JwtConfig {
  /** Address of the issuer's public keys, as a JSON Web Key Set. */
  jwksUrl: string;
  /** What `iss` must be; null takes any. */
  issuer: string | null;
  /** What `aud` must be or have; null takes any. */
  audience: string | null;
  /** The claim that says `admin` or `read`, or is a list that has it. A path like `realm_access.roles` leads into objects. */
  roleClaim: string;
}

/** Who may what. */
export interface AccessConfig {
  publicAccess: PublicAccess;
  /** Each the token itself, or `sha256:` and the digest of it in hexadecimal. Empty where the operator has set none. */
  adminTokens: readonly string[];
  /** The same for searching without limits on the rate. */
  readTokens: readonly string[];
  /** Null where there is none. */
  jwt: JwtConfig | null;
  /** Origins (`https://shop.example`) whose pages may call this server from a browser; `*` allows all. */
  allowedOrigins: readonly string[];
}

/** How much of it one client may have in a minute; null for any amount. */
export interface RateLimitConfig {
  /** Photographs that it sends or has fetched. */
  uploadsPerMinute: number | null;
  /** Searches of any kind, and words that are encoded for them. */
  searchesPerMinute: number | null;
}

/** What GraphQL documents may be and do. */
export interface DocumentConfig {
  /** Whether the schema can be asked for, and is hinted at in errors. */
  introspection: boolean;
  /** Cost of one operation at most: see `docs/limits.md`. */
  maxCost: number;
  /** Absolute path of the manifest of the only documents that are executed; null executes any. */
  trustedDocuments: string | null;
}

/** What it takes to serve HTTP. */
export interface ServerConfig {
  host: string;
  /** 0 lets the system choose. */
  port: number;
  /** Whether `/graphiql` has the editor for queries. */
  graphiql: boolean;
  /** Proxies whose `X-Forwarded-For` is believed: how many, or their addresses (Express's `trust proxy`). */
  trustProxy: number | readonly string[];
  access: AccessConfig;
  rateLimits: RateLimitConfig;
  documents: DocumentConfig;
  /** Operations over HTTP that run at the same time at most. */
  maxOperations: number;
  /** Time for a request to arrive whole. */
  requestTimeoutMs: number;
  /** How long it goes on taking requests once it is to stop, and is not ready any more. */
  stopDelayMs: number;
  /** How long an answer to a GET may be kept by browsers and caches in between; null forbids it. */
  cacheSeconds: number | null;
}

/** Where traces go. */
export interface TracesConfig {
  /** Takes OTLP over HTTP: `http://collector:4318/v1/traces`. */
  url: string;
  /** Null: what OTEL_RESOURCE_ATTRIBUTES says, else `lookalike`. */
  serviceName: string | null;
}

/** How an operator looks into a process. */
export interface TelemetryConfig {
  /** Port for `/livez`, `/readyz` and `/metrics` without a token, also of a worker; null opens none. */
  metricsPort: number | null;
  /** Operations that take longer are logged. */
  slowOperationMs: number;
  /** Null sends none. */
  traces: TracesConfig | null;
}

/** What a demo may do that a shop's server does not do by itself: it is there to be played with, on one machine. */
export function toServerConfig(values: EnvironmentValues, isDemo: boolean): ServerConfig {
  const graphiql = values.GRAPHIQL ?? isDemo;
  return {
    host: values.HOST,
    port: values.PORT,
    graphiql,
    trustProxy: values.TRUST_PROXY,
    access: toAccessConfig(values),
    rateLimits: {
      uploadsPerMinute: (values.RATE_LIMIT_UPLOADS ?? (isDemo ? 0 : 60)) || null,
      searchesPerMinute: (values.RATE_LIMIT_SEARCHES ?? (isDemo ? 0 : 600)) || null,
    },
    documents: {
      introspection: values.INTROSPECTION ?? graphiql,
      maxCost: values.GRAPHQL_MAX_COST,
      trustedDocuments: values.TRUSTED_DOCUMENTS === undefined ? null : resolve(values.TRUSTED_DOCUMENTS),
    },
    maxOperations: values.MAX_OPERATIONS,
    requestTimeoutMs: values.REQUEST_TIMEOUT_MS,
    stopDelayMs: values.STOP_DELAY_MS,
    cacheSeconds: values.CACHE_SECONDS || null,
  };
}

/** By OpenTelemetry's own variables, of which its libraries read all the others: OTEL_TRACES_SAMPLER and so on. */
export function toTelemetryConfig(values: EnvironmentValues): TelemetryConfig {
  const base = values.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/+$/, '');
  const url = values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? (base === undefined ? undefined : `${base}/v1/traces`);
  const isOn = url !== undefined && !values.OTEL_SDK_DISABLED;
  return {
    metricsPort: values.METRICS_PORT ?? null,
    slowOperationMs: values.SLOW_OPERATION_MS,
    traces: isOn ? { url, serviceName: values.OTEL_SERVICE_NAME ?? null } : null,
  };
}

function toAccessConfig(values: EnvironmentValues): AccessConfig {
  const { JWT_JWKS_URL: jwksUrl, JWT_ISSUER: issuer = null, JWT_AUDIENCE: audience = null } = values;
  return {
    publicAccess: values.PUBLIC_ACCESS,
    adminTokens: values.ADMIN_TOKEN,
    readTokens: values.READ_TOKEN,
    jwt: jwksUrl === undefined ? null : { jwksUrl, issuer, audience, roleClaim: values.JWT_ROLE_CLAIM },
    allowedOrigins: values.ALLOWED_ORIGINS,
  };
}
