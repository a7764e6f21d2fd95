import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { AppError } from '../errors.js';
import type { Log } from '../log.js';
import type { OperationObserver } from '../observer.js';

/** What a client may see of an error; `log` is that of the operation where it is not the one that runs here. */
export type ErrorMask = (error: unknown, formatted: GraphQLFormattedError, log?: Log) => GraphQLFormattedError;

/** Masks errors, logs them with the operation that they belong to, and tells of them; null where there are no operations. */
export function makeErrorMask(log: Log, operations: OperationObserver | null): ErrorMask {
  return (error, formatted, own) => {
    const masked = maskError(error, formatted, own ?? operations?.current()?.log ?? log);
    operations?.failed(codeOf(masked));
    return masked;
  };
}

/** GraphQL itself gives errors of a document none. */
function codeOf({ extensions }: GraphQLFormattedError): string {
  return typeof extensions?.code === 'string' ? extensions.code : 'GRAPHQL_VALIDATION_FAILED';
}

/**
 * What a client may see of an error, the same over HTTP and over sockets: our own errors and those of GraphQL itself as
 * they are, anything else as INTERNAL_SERVER_ERROR with a `requestId` that the log has too.
 *
 * @param error - what was thrown, or graphql-js's wrapping of it.
 * @param formatted - how GraphQL would show it.
 */
export function maskError(error: unknown, formatted: GraphQLFormattedError, log: Log): GraphQLFormattedError {
  const thrown = rootOf(error);
  if (thrown instanceof AppError && thrown.code !== 'INTERNAL_SERVER_ERROR') {
    log[thrown.logLevel]({ err: thrown, code: thrown.code, path: formatted.path }, 'operation refused');
    return { ...formatted, message: thrown.message, extensions: thrown.extensions };
  }
  // Without a path it is about the document or the variables; with one, a resolver's data broke the schema.
  if (thrown instanceof GraphQLError && formatted.path === undefined) return shortened(withoutStack(formatted));
  if (isAbort(thrown)) {
    log.debug({ path: formatted.path }, 'the client went away');
    return { message: 'The request was given up.', extensions: { code: 'SERVICE_UNAVAILABLE' } };
  }
  const { requestId, log: identified } = identify(log);
  identified.error({ err: thrown, path: formatted.path }, 'operation failed');
  return {
    message: `Something went wrong here. The log of the server has more under the request id ${requestId}.`,
    ...(formatted.path && { path: formatted.path }),
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
  };
}

/** An operation's log has its id in every line. What is no operation gets an id of its own. */
function identify(log: Log): { requestId: string; log: Log } {
  const { requestId } = log.bindings();
  if (typeof requestId === 'string') return { requestId, log };
  const made = randomUUID();
  return { requestId: made, log: log.child({ requestId: made }) };
}

/** graphql-js wraps what a resolver throws, and wraps once more what a scalar throws. */
function rootOf(error: unknown): unknown {
  let current = error;
  while (current instanceof GraphQLError && current.originalError) current = current.originalError;
  return current;
}

/** What a signal is aborted with when a client goes away, or what Node makes of that. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** More than any sentence of GraphQL's own; what makes one longer is a value of the client's, quoted whole. */
const MAX_MESSAGE_LENGTH = 1000;

function shortened(formatted: GraphQLFormattedError): GraphQLFormattedError {
  const { message } = formatted;
  if (message.length <= MAX_MESSAGE_LENGTH) return formatted;
  const half = MAX_MESSAGE_LENGTH / 2;
  // What is wrong stands at the end.
  return { ...formatted, message: `${message.slice(0, half)} … ${message.slice(-half)}` };
}

function withoutStack(formatted: GraphQLFormattedError): GraphQLFormattedError {
  if (formatted.extensions === undefined) return formatted;
  const { stacktrace: _stacktrace, ...extensions } = formatted.extensions;
  return { ...formatted, extensions };
}
