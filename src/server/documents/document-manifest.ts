/** Documents by their ids. */
export type DocumentManifest = ReadonlyMap<string, string>;

/** Of `@apollo/generate-persisted-query-manifest`. */
const APOLLO_FORMAT = 'apollo-persisted-query-manifest';

/**
 * Reads a manifest: what `@apollo/generate-persisted-query-manifest` writes, or an object from ids to documents, as GraphQL Code
 * Generator does. Null where it is neither, or has no document.
 *
 * @throws SyntaxError where it is not JSON.
 */
export function parseManifest(json: string): DocumentManifest | null {
  const manifest: unknown = JSON.parse(json);
  if (!isRecord(manifest)) return null;
  const entries = manifest.format === APOLLO_FORMAT ? entriesOf(manifest) : Object.entries(manifest);
  if (entries === null || entries.length === 0 || !entries.every(isEntry)) return null;
  return new Map(entries);
}

function entriesOf({ version, operations }: Record<string, unknown>): [unknown, unknown][] | null {
  if (version !== 1 || !Array.isArray(operations)) return null;
  return operations.map((operation: unknown) => (isRecord(operation) ? [operation.id, operation.body] : [null, null]));
}

function isEntry(entry: [unknown, unknown]): entry is [string, string] {
  return entry.every((part) => typeof part === 'string' && part !== '');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
