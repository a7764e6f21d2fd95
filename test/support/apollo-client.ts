import { ApolloClient, InMemoryCache, type InMemoryCacheConfig } from '@apollo/client';
import WebSocket from 'ws';
import { createLookalikeLink, type LookalikeLinkOptions } from '../../packages/apollo/src/lookalike-link.js';
import type { Close } from '../../src/types.js';
import { ADMIN_TOKEN } from './test-shop.js';

export interface ClientOfShop {
  client: ApolloClient;
  /** How many HTTP requests it has sent. */
  requests: () => number;
  close: Close;
}

/** What a frontend developer writes: a client of the kit's link, uploads and queries over HTTP, subscriptions over WebSocket. */
export function makeApolloClient(
  url: string,
  cache: InMemoryCacheConfig = {},
  options: LookalikeLinkOptions = {},
): ClientOfShop {
  let requests = 0;
  const { link, close } = createLookalikeLink({
    uri: `${url}graphql`,
    token: () => ADMIN_TOKEN,
    webSocketImpl: WebSocket,
    fetch: (...request) => {
      requests += 1;
      return fetch(...request);
    },
    ...options,
  });
  const client = new ApolloClient({ link, cache: new InMemoryCache(cache) });
  return {
    client,
    requests: () => requests,
    close: async () => {
      client.stop();
      close();
    },
  };
}
