import type { Request, RequestHandler } from 'express';
import { BadUserInputError } from '../../errors.js';
import { readableSize } from '../../services/images/readable-size.js';
import { checkPersistedQuery, queryOf, type AskedDocument } from './asked-document.js';

/** Without what is in its variables a request is far smaller. It is as much as a subscription may have on a socket. */
const MAX_DOCUMENT_CHARACTERS = 64 * 1024;

export interface DocumentSettling {
  sourceOf: (asked: AskedDocument) => string | null;
  /** Whether Apollo knows documents by their digests. */
  registration: boolean;
}

/**
 * Settles which document a request runs, before Apollo reads it: that which it has, or that which `sourceOf` finds for it. Refuses one
 * that is longer than any that people write, as a request may be long for the photograph in its variables only, and what
 * `sourceOf` throws for. Apollo has no place for it that answers with its code.
 */
export function settleDocument({ sourceOf, registration }: DocumentSettling): RequestHandler {
  return (request, _response, next) => {
    const asked = askedBy(request);
    const query = queryOf(asked);
    if (query !== null && query.length > MAX_DOCUMENT_CHARACTERS) throw tooLong();
    const source = sourceOf(asked);
    if (registration) checkPersistedQuery(asked);
    else giveDocument(request, source);
    next();
  };
}

/** By GET in the address, else in the body, as Apollo has it. */
function askedBy(request: Request): AskedDocument {
  if (request.method !== 'GET') return (request.body ?? {}) as AskedDocument;
  const parameters = parametersOf(request);
  const [query, documentId] = [parameters.get('query'), parameters.get('documentId')];
  return { query, documentId, extensions: jsonOf(parameters.get('extensions')) };
}

/** In the place of what it is named by, which Apollo would take for a document that was registered. */
function giveDocument(request: Request, query: string | null): void {
  if (request.method !== 'GET') {
    const { extensions: _named, ...body } = request.body as Record<string, unknown>;
    request.body = { ...body, query };
    return;
  }
  const parameters = parametersOf(request);
  parameters.delete('extensions');
  parameters.set('query', query ?? '');
  request.url = `${request.url.split('?', 1).join('')}?${parameters.toString()}`;
}

function parametersOf({ originalUrl }: Request): URLSearchParams {
  return new URL(originalUrl, 'http://localhost').searchParams;
}

/** Apollo says what is wrong with it. */
function jsonOf(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function tooLong(): BadUserInputError {
  const limit = readableSize(MAX_DOCUMENT_CHARACTERS);
  return new BadUserInputError(
    'query',
    `The GraphQL document is longer than ${limit}. Give a photograph in a variable.`,
  );
}
