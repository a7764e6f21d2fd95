import { createHash } from 'node:crypto';
import { BadUserInputError } from '../../errors.js';

/** What a request says of the document that it wants to run: all of it is the client's. */
export interface AskedDocument {
  query?: unknown;
  documentId?: unknown;
  extensions?: unknown;
}

/** The document itself; null where a request has none, and only names one. */
export function queryOf({ query }: AskedDocument): string | null {
  return typeof query === 'string' && query !== '' ? query : null;
}

/** What a request names its document by: `documentId`, else what Apollo's clients send; null where it does not. */
export function idOf({ documentId, extensions }: AskedDocument): string | null {
  if (typeof documentId === 'string') return documentId;
  const { sha256Hash } = persistedQueryIn(extensions) ?? {};
  return typeof sha256Hash === 'string' ? sha256Hash : null;
}

/**
 * Checks what registers a document under its digest. Apollo would call a wrong one an error of the server.
 *
 * @throws BadUserInputError
 */
export function checkPersistedQuery({ query, extensions }: AskedDocument): void {
  const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: unknown };
  if (persistedQuery === undefined) return;
  const argument = 'extensions.persistedQuery';
  const persisted = persistedQueryIn(extensions);
  if (persisted === null) throw new BadUserInputError(argument, `\`${argument}\` must be an object.`);
  if (persisted.version !== 1) throw new BadUserInputError(argument, `\`${argument}.version\` must be 1.`);
  if (typeof query !== 'string' || query === '') return;
  if (persisted.sha256Hash === createHash('sha256').update(query).digest('hex')) return;
  throw new BadUserInputError(argument, `\`${argument}.sha256Hash\` is not the SHA-256 of \`query\` in hexadecimal.`);
}

function persistedQueryIn(extensions: unknown): Record<string, unknown> | null {
  const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: unknown };
  return typeof persistedQuery === 'object' && persistedQuery !== null
    ? (persistedQuery as Record<string, unknown>)
    : null;
}
