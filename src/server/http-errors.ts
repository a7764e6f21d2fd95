import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import { AppError, BadUserInputError, type ErrorCode } from '../errors.js';
import type { ErrorMask } from './error-mask.js';

/** 400 where there is none. */
const STATUS_OF_CODE: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  IMAGE_TOO_LARGE: 413,
  RATE_LIMITED: 429,
  SERVICE_UNAVAILABLE: 503,
};

/** Answers what failed before GraphQL came to it, in the shape of a GraphQL answer and through the same mask. */
export function answerHttpErrors(mask: ErrorMask): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const known = asAppError(error, request);
    const masked = mask(known ?? error, { message: '' });
    // What the client still sends is of no use, and must not be taken for its next request.
    if (!request.readableEnded) response.set('Connection', 'close');
    const { status, headers } = known === null ? { status: 500, headers: {} } : httpHeadOf(known);
    response
      .set(headers)
      .status(status)
      .json({ errors: [masked] });
  };
}

/** @throws AppError NOT_FOUND always: it is for what nothing before it has taken. */
export const refuseUnknownAddress: RequestHandler = (request) => {
  throw nothingAt(request);
};

const MAX_SHOWN_ADDRESS = 100;

function nothingAt({ method, originalUrl }: Request, cause?: unknown): AppError {
  const address = `${method} ${originalUrl.split('?', 1).join('').slice(0, MAX_SHOWN_ADDRESS)}`;
  // Strangers ask for all sorts of things.
  return new AppError('NOT_FOUND', `There is nothing at ${JSON.stringify(address)}. The API is at /graphql.`, {
    logLevel: 'debug',
    cause,
  });
}

/** Our own errors, and those that Express raises about a request or a file. */
function asAppError(error: unknown, request: Request): AppError | null {
  if (error instanceof AppError) return withoutBody(error);
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return null;
  if (error.status >= 500) return null;
  if (error.status === 404) return nothingAt(request, error);
  if (error.status === 413) return new BadUserInputError('request', 'The request is too long.', { cause: error });
  const message =
    'type' in error ? 'The body of the request is not JSON that can be read.' : 'The request is malformed.';
  return new BadUserInputError('request', message, { cause: error });
}

/** Express puts the whole body beside an error that is thrown while it reads one, and so into the log. */
function withoutBody(error: AppError & { body?: unknown }): AppError {
  delete error.body;
  return error;
}

/** What HTTP wants said beside some statuses. */
function headersFor({ code, details: { retryAfterMs } }: AppError): Record<string, string> {
  if (code === 'UNAUTHENTICATED') return { 'WWW-Authenticate': 'Bearer' };
  return typeof retryAfterMs === 'number' ? { 'Retry-After': String(Math.ceil(retryAfterMs / 1000)) } : {};
}

/** How HTTP tells of an error for which no part of an operation has run. */
export function httpHeadOf(error: AppError): { status: number; headers: Record<string, string> } {
  return { status: STATUS_OF_CODE[error.code] ?? 400, headers: headersFor(error) };
}
