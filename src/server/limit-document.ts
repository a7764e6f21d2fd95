import type { RequestHandler } from 'express';
import { BadUserInputError } from '../errors.js';
import { readableSize } from '../services/images/readable-size.js';

/**
 * Refuses a GraphQL document that is longer than any that people write, before it is parsed: a request may be long for the
 * photograph in its variables only.
 */
export function limitDocument(maxCharacters: number): RequestHandler {
  return (request, _response, next) => {
    const { query } = (request.body ?? {}) as { query?: unknown };
    if (typeof query !== 'string' || query.length <= maxCharacters) {
      next();
      return;
    }
    const message = `The GraphQL document is longer than ${readableSize(maxCharacters)}. Give a photograph in a variable.`;
    next(new BadUserInputError('query', message));
  };
}
