import { ApolloClient, ApolloLink, InMemoryCache, type InMemoryCacheConfig } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { createClient } from 'graphql-ws';
import UploadHttpLink from 'apollo-upload-client/UploadHttpLink.mjs';
import WebSocket from 'ws';
import type { Close } from '../../src/types.js';
import { ADMIN_TOKEN } from './test-shop.js';

export interface ClientOfShop {
  client: ApolloClient;
  /** How many HTTP requests it has sent. */
  requests: () => number;
  close: Close;
}

/** What a frontend developer writes: one client, uploads and queries over HTTP, subscriptions over WebSocket. */
export function makeApolloClient(url: string, cache: InMemoryCacheConfig = {}): ClientOfShop {
  const authorization = `Bearer ${ADMIN_TOKEN}`;
  let requests = 0;
  const http = new UploadHttpLink({
    uri: `${url}graphql`,
    headers: { 'apollo-require-preflight': 'true', authorization },
    fetch: (...request) => {
      requests += 1;
      return fetch(...request);
    },
  });
  const sockets = createClient({
    url: `${url.replace('http', 'ws')}graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
  });
  const link = ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(sockets),
    http,
  );
  const client = new ApolloClient({ link, cache: new InMemoryCache(cache) });
  const close: Close = async () => {
    client.stop();
    await sockets.dispose();
  };
  return { client, requests: () => requests, close };
}
