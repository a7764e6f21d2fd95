import { errors } from 'undici';
import { ImageError, type ImageErrorOptions, type ImageFailureReason } from '../../errors.js';
import { shownUrl } from './image-location.js';

interface NetworkFault {
  reason: ImageFailureReason;
  isTransient: boolean;
  /** Follows the URL in the message. */
  what: string;
}

const BROKEN_OFF = {
  reason: 'HOST_UNREACHABLE',
  isTransient: true,
  what: 'its host broke off the connection',
} as const;
const NO_ROUTE = { reason: 'HOST_UNREACHABLE', isTransient: true, what: 'there is no way to its host now' } as const;
const NO_SUCH_HOST = { reason: 'HOST_UNREACHABLE', isTransient: false, what: 'there is no host of that name' } as const;
/** undici gives its parser's errors no code, so an answer that ends too early looks like one that is no HTTP at all. */
const NOT_HTTP = {
  reason: 'HOST_UNREACHABLE',
  isTransient: true,
  what: 'the answer of its host is cut short or not valid HTTP',
} as const;
const NO_ANSWER = {
  reason: 'TIMEOUT',
  isTransient: true,
  what: 'its host did not take the connection in time',
} as const;
const BAD_TLS = {
  reason: 'TLS',
  isTransient: false,
  what: 'no trusted TLS connection to its host can be made; check its certificate',
} as const;

/** Codes of Node (`errno`, resolver) and of undici. */
const FAULT_OF_CODE: ReadonlyMap<string, NetworkFault> = new Map<string, NetworkFault>([
  ['ENOTFOUND', NO_SUCH_HOST],
  ['ENODATA', NO_SUCH_HOST],
  [
    'EAI_AGAIN',
    { reason: 'HOST_UNREACHABLE', isTransient: true, what: 'the name of its host can not be resolved now' },
  ],
  ['ECONNREFUSED', { reason: 'HOST_UNREACHABLE', isTransient: true, what: 'its host refuses connections' }],
  ['ECONNRESET', BROKEN_OFF],
  ['EPIPE', BROKEN_OFF],
  ['UND_ERR_SOCKET', BROKEN_OFF],
  ['UND_ERR_INFO', BROKEN_OFF],
  ['UND_ERR_CLOSED', BROKEN_OFF],
  ['UND_ERR_DESTROYED', BROKEN_OFF],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', BROKEN_OFF],
  ['EHOSTUNREACH', NO_ROUTE],
  ['ENETUNREACH', NO_ROUTE],
  ['EADDRNOTAVAIL', NO_ROUTE],
  ['ETIMEDOUT', NO_ANSWER],
  ['UND_ERR_CONNECT_TIMEOUT', NO_ANSWER],
  ['UND_ERR_HEADERS_OVERFLOW', NOT_HTTP],
  ['HTTP_PARSER', NOT_HTTP],
]);

/** Codes of Node's TLS and of OpenSSL's certificate checks: https://nodejs.org/docs/latest-v20.x/api/tls.html#x509-certificate-error-codes */
const TLS_CODE =
  /^(ERR_TLS_|ERR_SSL_|EPROTO|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERROR_IN_|INVALID_|PATH_LENGTH_|HOSTNAME_)/;

/**
 * Says what went wrong on the way to a photograph. What is not an error of the network comes back as it is: it is a
 * defect, or an `ImageError` already.
 */
export function translateFetchError(error: unknown, url: URL): unknown {
  if (error instanceof ImageError) return error;
  const code = codeOf(error);
  const fault = faultOf(code);
  if (fault === null) return error;
  const { reason, isTransient, what } = fault;
  return new ImageError(reason, `The photograph at ${shownUrl(url)} can't be fetched: ${what} (${code}).`, {
    isTransient,
    cause: error,
  });
}

function faultOf(code: string): NetworkFault | null {
  const known = FAULT_OF_CODE.get(code);
  if (known !== undefined) return known;
  if (TLS_CODE.test(code)) return BAD_TLS;
  return /^(E[A-Z]+|EAI_[A-Z]+)$/.test(code) ? NO_ROUTE : null;
}

/** The code of an error, or of the first one where every address of a host was tried. */
function codeOf(error: unknown): string {
  if (error instanceof errors.HTTPParserError) return 'HTTP_PARSER';
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && 'code' in first && typeof first.code === 'string' ? first.code : '';
}

const REASON_OF_STATUS: ReadonlyMap<number, ImageFailureReason> = new Map([
  [401, 'FORBIDDEN'],
  [403, 'FORBIDDEN'],
  [404, 'NOT_FOUND'],
  [410, 'GONE'],
  [451, 'FORBIDDEN'],
]);

/** Statuses below 500 after which the same request may succeed later: RFC 9110 15.5.9, RFC 8470 5.2, RFC 6585 4. */
const TRANSIENT_STATUSES: readonly number[] = [408, 425, 429];

/**
 * The error for an answer that is not a photograph, by its status.
 *
 * @param retryAfter - the answer's `Retry-After`, where it has one.
 */
export function statusError(status: number, url: URL, retryAfter: string | undefined): ImageError {
  const options: ImageErrorOptions = { httpStatus: status };
  if (status >= 500 || TRANSIENT_STATUSES.includes(status)) {
    options.isTransient = true;
    const retryAfterMs = parseRetryAfter(retryAfter, Date.now());
    if (retryAfterMs !== null) options.retryAfterMs = retryAfterMs;
  }
  return new ImageError(reasonOf(status), `The photograph at ${shownUrl(url)} ${saidBy(status)}.`, options);
}

function reasonOf(status: number): ImageFailureReason {
  if (status < 300) return 'NOT_AN_IMAGE';
  return REASON_OF_STATUS.get(status) ?? 'HOST_UNREACHABLE';
}

function saidBy(status: number): string {
  if (status < 300) return `is not there: its host answers with status ${status}, which brings no photograph`;
  return `can't be fetched: its host answers with status ${status}`;
}

/** A host that asks for more than a day is not believed. */
const LONGEST_RETRY_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * Reads a `Retry-After` header, RFC 9110 10.2.3.
 *
 * @param value - seconds or an HTTP date.
 * @returns milliseconds from `nowMs` on, at most a day; null where the value is missing or neither of both.
 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | null {
  if (value === undefined) return null;
  const waitMs = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs;
  return Number.isNaN(waitMs) ? null : Math.min(Math.max(waitMs, 0), LONGEST_RETRY_AFTER_MS);
}
