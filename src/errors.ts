/**
 * Every error that Lookalike raises on purpose. This file imports nothing.
 *
 * An `AppError` says what went wrong in a sentence that a caller may read: the offending value and the remedy, and never
 * a path, SQL or an address with credentials. Anything that is not an `AppError` is a defect or a foreign error, and is
 * masked before it leaves the process.
 */

/** The stable values of `extensions.code` in a GraphQL answer. */
export type ErrorCode =
  | 'BAD_USER_INPUT'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'IMAGE_UNREADABLE'
  | 'IMAGE_TOO_LARGE'
  | 'IMAGE_UNREACHABLE'
  | 'QUERY_IMAGE_EXPIRED'
  | 'INVALID_CURSOR'
  | 'MODEL_UNAVAILABLE'
  | 'SERVICE_UNAVAILABLE'
  | 'RATE_LIMITED'
  | 'INTERNAL_SERVER_ERROR';

/** How loudly the place that handles an error should log it. */
export type ErrorLogLevel = 'error' | 'warn' | 'info' | 'debug';

export interface AppErrorOptions {
  /** Values for machines, sent to the client beside the code: `{ argument: 'limit' }`, `{ retryAfterMs: 500 }`. */
  details?: Readonly<Record<string, unknown>>;
  logLevel?: ErrorLogLevel;
  cause?: unknown;
}

/** An error with a stable code and a message that is fit for the caller. */
export class AppError extends Error {
  override readonly name: string = 'AppError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  readonly logLevel: ErrorLogLevel;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.logLevel = options.logLevel ?? 'info';
  }

  /** What GraphQL puts beside the message; graphql-js copies this field of the original error by itself. */
  get extensions(): Record<string, unknown> {
    return { code: this.code, ...this.details };
  }
}

/** The caller gave a value that is not accepted. `argument` names it as the caller wrote it. */
export class BadUserInputError extends AppError {
  override readonly name = 'BadUserInputError';

  constructor(argument: string, message: string, options: AppErrorOptions = {}) {
    super('BAD_USER_INPUT', message, { ...options, details: { ...options.details, argument } });
  }
}

/** One fault in the configuration. */
export interface ConfigFault {
  /** The environment variable. */
  variable: string;
  /** What came and what is accepted, as a full sentence. */
  message: string;
}

/** The configuration is not usable; `faults` has every fault there is, not just the first. */
export class ConfigError extends AppError {
  override readonly name = 'ConfigError';
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    const lines = faults.map((fault) => `  ${fault.variable}: ${fault.message}`);
    super('BAD_USER_INPUT', `The configuration is not usable.\n${lines.join('\n')}`, { logLevel: 'error' });
    this.faults = faults;
  }
}

/** A database, the model or the queue can't answer now, though it may later. */
export class ServiceUnavailableError extends AppError {
  override readonly name = 'ServiceUnavailableError';

  constructor(message: string, options: AppErrorOptions = {}) {
    super('SERVICE_UNAVAILABLE', message, { logLevel: 'warn', ...options });
  }
}

/** The CLIP model can't be loaded or can't do what was asked. */
export class ModelUnavailableError extends AppError {
  override readonly name = 'ModelUnavailableError';

  constructor(message: string, options: AppErrorOptions = {}) {
    super('MODEL_UNAVAILABLE', message, { logLevel: 'error', ...options });
  }
}

/** Why an image could not be embedded. The same words stand in the database and in the API. */
export type ImageFailureReason =
  | 'NOT_FOUND'
  | 'GONE'
  | 'FORBIDDEN'
  | 'TIMEOUT'
  | 'HOST_UNREACHABLE'
  | 'TLS'
  | 'BLOCKED_ADDRESS'
  | 'TOO_LARGE'
  | 'NOT_AN_IMAGE'
  | 'CORRUPT'
  | 'UNSUPPORTED_FORMAT'
  | 'EMPTY'
  | 'REDIRECT_LOOP'
  | 'INTERNAL';

const CODE_OF_REASON: Record<ImageFailureReason, ErrorCode> = {
  NOT_FOUND: 'IMAGE_UNREACHABLE',
  GONE: 'IMAGE_UNREACHABLE',
  FORBIDDEN: 'IMAGE_UNREACHABLE',
  TIMEOUT: 'IMAGE_UNREACHABLE',
  HOST_UNREACHABLE: 'IMAGE_UNREACHABLE',
  TLS: 'IMAGE_UNREACHABLE',
  BLOCKED_ADDRESS: 'IMAGE_UNREACHABLE',
  REDIRECT_LOOP: 'IMAGE_UNREACHABLE',
  TOO_LARGE: 'IMAGE_TOO_LARGE',
  NOT_AN_IMAGE: 'IMAGE_UNREADABLE',
  CORRUPT: 'IMAGE_UNREADABLE',
  UNSUPPORTED_FORMAT: 'IMAGE_UNREADABLE',
  EMPTY: 'IMAGE_UNREADABLE',
  INTERNAL: 'INTERNAL_SERVER_ERROR',
};

export interface ImageErrorOptions extends AppErrorOptions {
  /** The status of the HTTP answer, where there was one. */
  httpStatus?: number;
  /** Whether the same request may succeed later: a timeout, a 429, a 5xx, a host that does not answer. */
  isTransient?: boolean;
  /** What the host's `Retry-After` asked for, in milliseconds. */
  retryAfterMs?: number;
}

/** An image that can't be fetched or read. The code follows from the reason. */
export class ImageError extends AppError {
  override readonly name = 'ImageError';
  readonly reason: ImageFailureReason;
  readonly httpStatus: number | null;
  readonly isTransient: boolean;
  readonly retryAfterMs: number | null;

  constructor(reason: ImageFailureReason, message: string, options: ImageErrorOptions = {}) {
    super(CODE_OF_REASON[reason], message, { ...options, details: { ...options.details, reason } });
    this.reason = reason;
    this.httpStatus = options.httpStatus ?? null;
    this.isTransient = options.isTransient ?? false;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
