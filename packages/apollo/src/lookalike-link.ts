import { ApolloLink } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import UploadHttpLink from 'apollo-upload-client/UploadHttpLink.mjs';
import { OperationTypeNode } from 'graphql';
import { persistQueries } from './persisted-query-link.js';
import { makeSocketLink, makeStreamLink, type ConnectionState } from './subscription-link.js';

export interface LookalikeLinkOptions {
  /** Where the API is: `https://search.example/graphql`, or a path on the page's own server. Default: `/graphql`. */
  uri?: string;
  /** The admin token, asked for at every request; null sends none. Default: none. */
  token?: () => string | null;
  /** How subscriptions travel; `sse` for networks that break WebSockets. Default: `websocket`. */
  subscriptions?: 'websocket' | 'sse';
  /**
   * Sends queries by GET, with the SHA-256 of their documents in the place of the documents, so that caches in between may answer what is
   * the same for everybody. Default: false.
   */
  persistedQueries?: boolean;
  /** Told whenever subscriptions get through, or no longer do. */
  onConnectionChange?: (state: ConnectionState) => void;
  /** Default: the global one. */
  fetch?: typeof fetch;
  /** For programs whose runtime has no `WebSocket`. Default: the global one. */
  webSocketImpl?: unknown;
}

export interface LookalikeLink {
  /** For `new ApolloClient({ link })`; put links of your own before it with `ApolloLink.from`. */
  link: ApolloLink;
  /** Ends the subscriptions that are open. */
  close: () => void;
}

/**
 * All that Lookalike needs of a link: queries and mutations over HTTP, files among their variables as multipart uploads with
 * the header that the server wants of them, and subscriptions that come back by themselves after a lost connection.
 */
export function createLookalikeLink(options: LookalikeLinkOptions = {}): LookalikeLink {
  const { uri = '/graphql', token = () => null, subscriptions = 'websocket', onConnectionChange } = options;
  const authorization = (): string | null => {
    const value = token();
    return value === null ? null : `Bearer ${value}`;
  };
  const url = absolute(uri);
  const makeLink = subscriptions === 'sse' ? makeStreamLink : makeSocketLink;
  const subscribing = makeLink({
    url,
    authorization,
    onConnectionChange,
    webSocketImpl: options.webSocketImpl,
    fetch: options.fetch,
  });
  const http = ApolloLink.from([
    withHeaders(authorization),
    new UploadHttpLink({ uri: url, ...(options.fetch !== undefined && { fetch: options.fetch }) }),
  ]);
  const requesting = options.persistedQueries === true ? persistQueries(http) : http;
  const isSubscription = ({ operationType }: ApolloLink.Operation): boolean =>
    operationType === OperationTypeNode.SUBSCRIPTION;
  return { link: ApolloLink.split(isSubscription, subscribing.link, requesting), close: subscribing.close };
}

function withHeaders(authorization: () => string | null): ApolloLink {
  return new SetContextLink(({ headers }) => {
    const value = authorization();
    return {
      headers: {
        ...(headers as Record<string, string> | undefined),
        'apollo-require-preflight': 'true',
        ...(value !== null && { authorization: value }),
      },
    };
  });
}

/** Sockets take absolute addresses only. */
function absolute(uri: string): string {
  const { location } = globalThis as { location?: { href: string } };
  return new URL(uri, location?.href).href;
}
