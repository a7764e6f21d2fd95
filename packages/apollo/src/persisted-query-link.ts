import { ApolloLink } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { OperationTypeNode } from 'graphql';

/** What is taken of the web's `SubtleCrypto`, which programs may not have a type of. */
interface Digesting {
  digest: (algorithm: 'SHA-256', data: Uint8Array) => Promise<ArrayBuffer>;
}

/**
 * Sends queries by GET with the SHA-256 of their documents, so that browsers and caches in between may answer them; a document that the
 * server does not know follows by POST. All else goes to `link` as it is: mutations, queries with a file among their variables,
 * and everything where the page has no `crypto.subtle`, as browsers give it to pages by HTTPS only.
 */
export function persistQueries(link: ApolloLink): ApolloLink {
  const { crypto } = globalThis as { crypto?: { subtle?: Digesting } };
  const subtle = crypto?.subtle;
  if (subtle === undefined) return link;
  const persisted = new PersistedQueryLink({
    sha256: async (document) => toHex(await subtle.digest('SHA-256', new TextEncoder().encode(document))),
    useGETForHashedQueries: true,
  });
  return ApolloLink.split(
    ({ operationType, variables }) => operationType === OperationTypeNode.QUERY && !hasFile(variables),
    ApolloLink.from([persisted, link]),
    link,
  );
}

function hasFile(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return value instanceof Blob || Object.values(value).some(hasFile);
}

function toHex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
