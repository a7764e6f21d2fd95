import type { Request, RequestHandler } from 'express';
import { BadUserInputError } from '../errors.js';
import { readableSize } from '../services/images/readable-size.js';

/** Without what is in its variables a request is far smaller. It is as much as a subscription may have on a socket. */
const MAX_DOCUMENT_CHARACTERS = 64 * 1024;

/**
 * Refuses a GraphQL document before it is parsed: one that is longer than any that people write, as a request may be long for the
 * photograph in its variables only, and one that `check` throws for. Apollo has no place for it that answers with its code.
 */
export function checkDocument(check: (source: string) => void): RequestHandler {
  return (request, _response, next) => {
    for (const document of documentsOf(request)) {
      if (document.length > MAX_DOCUMENT_CHARACTERS) throw tooLong();
      check(document);
    }
    next();
  };
}

/** By POST in the body, and by GET in the address. */
function documentsOf(request: Request): string[] {
  const { query } = (request.body ?? {}) as { query?: unknown };
  const inAddress = new URL(request.originalUrl, 'http://localhost').searchParams.getAll('query');
  return typeof query === 'string' && query !== '' ? [query, ...inAddress] : inAddress;
}

function tooLong(): BadUserInputError {
  const limit = readableSize(MAX_DOCUMENT_CHARACTERS);
  return new BadUserInputError(
    'query',
    `The GraphQL document is longer than ${limit}. Give a photograph in a variable.`,
  );
}
