import type { ErrorRequestHandler } from 'express';
import { AppError, BadUserInputError, type ErrorCode } from '../errors.js';
import type { Log } from '../log.js';
import { maskError } from './error-mask.js';

/** 400 where there is none. */
const STATUS_OF_CODE: Partial<Record<ErrorCode, number>> = {
  FORBIDDEN: 403,
  IMAGE_TOO_LARGE: 413,
  SERVICE_UNAVAILABLE: 503,
};

/** Answers what failed before GraphQL came to it, in the shape of a GraphQL answer and through the same mask. */
export function answerHttpErrors(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const known = asAppError(error);
    const masked = maskError(known ?? error, { message: '' }, log);
    // What the client still sends is of no use, and must not be taken for its next request.
    if (!request.readableEnded) response.set('Connection', 'close');
    response.status(statusOf(known)).json({ errors: [masked] });
  };
}

/** Our own errors, and those that Express's body parser raises about a request. */
function asAppError(error: unknown): AppError | null {
  if (error instanceof AppError) return error;
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return null;
  if (error.status >= 500) return null;
  if (error.status === 413) return new BadUserInputError('request', 'The request is too long.', { cause: error });
  const message =
    'type' in error ? 'The body of the request is not JSON that can be read.' : 'The request is malformed.';
  return new BadUserInputError('request', message, { cause: error });
}

function statusOf(error: AppError | null): number {
  return error === null ? 500 : (STATUS_OF_CODE[error.code] ?? 400);
}
