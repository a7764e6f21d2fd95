import type { DocumentNode } from 'graphql';
import { BoundedCache } from './bounded-cache.js';

const DAY_MS = 86_400_000;

/** A character is two bytes. */
const MAX_REGISTERED = { maxEntries: 2000, maxCharacters: 4 * 1024 * 1024 };

/** A document of many short words takes some 250 bytes for each character once it is parsed: 60 MB in all. */
const MAX_PARSED = { maxEntries: 1000, maxCharacters: 256 * 1024 };

/** Documents that clients have registered under their digests: automatic persisted queries. */
export function makeRegisteredDocuments(limits = MAX_REGISTERED): BoundedCache<string> {
  return new BoundedCache({ ...limits, idleMs: DAY_MS, charactersOf: (source) => source.length });
}

/** Documents that were parsed and are valid. Apollo's own measures each by printing it as JSON, which takes longer than to parse it. */
export function makeParsedDocuments(limits = MAX_PARSED): BoundedCache<DocumentNode> {
  return new BoundedCache({ ...limits, charactersOf: ({ loc }) => loc?.source.body.length ?? 0 });
}
