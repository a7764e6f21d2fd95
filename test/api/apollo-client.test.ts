import { gql, type ApolloClient, type TypedDocumentNode } from '@apollo/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Close } from '../../src/types.js';
import { makeApolloClient } from '../support/apollo-client.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';

let shop: TestShop;
let client: ApolloClient;
let closeClient: Close;

beforeAll(async () => {
  shop = await startTestShop({ products: 10, env: { BATCH_SIZE: '2' } });
  await shop.backfill();
  ({ client, close: closeClient } = makeApolloClient(shop.app.url));
});

afterAll(async () => {
  await closeClient();
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
