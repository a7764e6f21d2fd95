import { ApolloClient, ApolloLink, gql, InMemoryCache, type TypedDocumentNode } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { createClient } from 'graphql-ws';
import UploadHttpLink from 'apollo-upload-client/UploadHttpLink.mjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { testPhotograph } from '../support/test-photographs.js';
import { ADMIN_TOKEN, startTestShop, type TestShop } from '../support/test-shop.js';

/** What a frontend developer writes: one client, uploads and queries over HTTP, subscriptions over WebSocket. */
function makeClient(url: string) {
  const authorization = `Bearer ${ADMIN_TOKEN}`;
  const http = new UploadHttpLink({
    uri: `${url}graphql`,
    headers: { 'apollo-require-preflight': 'true', authorization },
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
  return { client: new ApolloClient({ link, cache: new InMemoryCache() }), sockets };
}

let shop: TestShop;
let client: ApolloClient;
let dispose: () => void | Promise<void>;

beforeAll(async () => {
  shop = await startTestShop({ products: 10, env: { BATCH_SIZE: '2' } });
  await shop.backfill();
  const made = makeClient(shop.app.url);
  client = made.client;
  dispose = () => made.sockets.dispose();
});

afterAll(async () => {
  client.stop();
  await dispose();
  await shop.close();
});

interface Status {
  embeddingStatus: { sequence: number; backfill: { id: string; state: string; counts: { embedded: number } } };
}

const START: TypedDocumentNode<{ startEmbeddingBackfill: { backfill: { id: string } } }> = gql`
  mutation {
    startEmbeddingBackfill(input: { scope: ALL }) {
      backfill {
        id
      }
      userErrors {
        code
      }
    }
  }
`;

const BY_PHOTOGRAPH: TypedDocumentNode<{ similarProducts: { edges: { node: { id: string } }[] } }, { image: File }> =
  gql`
    query ($image: Upload) {
      similarProducts(image: $image, limit: 2) {
        edges {
          similarity
          node {
            id
            title
          }
        }
      }
    }
  `;

describe('Apollo Client', () => {
  it('starts a backfill, and watches it to its end', async () => {
    const started = await client.mutate({
      mutation: START,
    });
    const id = started.data?.startEmbeddingBackfill.backfill.id;
    const events: Status[] = [];
    await new Promise<void>((resolve, reject) => {
      client
        .subscribe<Status>({
          query: gql`
            subscription ($id: ID) {
              embeddingStatus(backfillId: $id) {
                sequence
                backfill {
                  id
                  state
                  counts {
                    embedded
                  }
                }
              }
            }
          `,
          variables: { id },
        })
        .subscribe({
          next: ({ data }) => data && events.push(data),
          error: reject,
          complete: resolve,
        });
    });
    expect(events.at(-1)).toMatchObject({
      embeddingStatus: { backfill: { id, state: 'COMPLETED', counts: { embedded: 10 } } },
    });
  });

  it('finds products by a photograph', async () => {
    const search = async (number: number) => {
      const { data } = await client.query({
        query: BY_PHOTOGRAPH,
        variables: { image: new File([new Uint8Array(await testPhotograph(number))], 'photo.jpg') },
        fetchPolicy: 'no-cache',
        context: { queryDeduplication: false },
      });
      return data?.similarProducts.edges[0]?.node.id;
    };
    expect(await Promise.all([search(3), search(8)])).toEqual(['3', '8']);
  });

  it('finds products by a product, with its card in one request, and from its cache the second time', async () => {
    const query = gql`
      query ($id: ID!) {
        similarToProduct(id: $id, limit: 3) {
          edges {
            similarity
            node {
              id
              title
              price
              mainImage {
                id
                url
              }
            }
          }
        }
      }
    `;
    const first = await client.query({ query, variables: { id: '4' } });
    expect(first.data).toMatchObject({
      similarToProduct: {
        edges: [{ node: { mainImage: { url: expect.stringMatching(/^\/images\/\d+\.jpg$/) as string } } }, {}, {}],
      },
    });
    const second = await client.query({ query, variables: { id: '4' }, fetchPolicy: 'cache-only' });
    expect(second.data).toEqual(first.data);
  });
});
