import type { ApolloClient } from '@apollo/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createQueryImage,
  EmbeddingBackfillsDocument,
  LookalikeError,
  makeTypePolicies,
  ProductDocument,
  SearchProductsDocument,
  SimilarToProductDocument,
  toLookalikeError,
  type SearchProductsQueryVariables,
} from '../../packages/apollo/src/index.js';
import { makeApolloClient, type ClientOfShop } from '../support/apollo-client.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';

let shop: TestShop;
let kit: ClientOfShop;
let client: ApolloClient;

beforeAll(async () => {
  shop = await startTestShop({ products: 14, env: { IMAGE_MAX_BYTES: '60000' } });
  await shop.backfill();
});

beforeEach(() => {
  kit = makeApolloClient(shop.app.url, { typePolicies: makeTypePolicies() });
  ({ client } = kit);
});

afterEach(() => kit.close());

afterAll(() => shop.close());

const photograph = async (number: number): Promise<Blob> => new Blob([new Uint8Array(await testPhotograph(number))]);

const idsOf = async (variables: SearchProductsQueryVariables): Promise<string[]> => {
  const { data } = await client.query({ query: SearchProductsDocument, variables, fetchPolicy: 'cache-only' });
  return (data?.searchProducts.edges ?? []).map(({ node }) => node.id);
};

describe('createQueryImage', () => {
  it('gives each photograph a handle of its own, and each handle its own answer', async () => {
    const handles = await Promise.all([3, 8].map(async (number) => createQueryImage(client, await photograph(number))));
    const answers = await Promise.all(
      handles.map(({ id }) =>
        client.query({
          query: SearchProductsDocument,
          variables: { input: { images: [{ queryImageId: id }] }, limit: 1 },
        }),
      ),
    );
    expect(answers.map(({ data }) => data?.searchProducts.edges[0]?.node.id)).toEqual(['3', '8']);
    expect(handles[0]).toMatchObject({ width: 160, height: 160 });
  });

  it('sends the region with it', async () => {
    const region = { x: 0.9, y: 0.2, width: 0.5, height: 0.5 };
    await expect(createQueryImage(client, await photograph(3), { region })).rejects.toMatchObject({
      name: 'LookalikeError',
      code: 'BAD_USER_INPUT',
    });
  });

  it.each([
    ['a text file', () => new Blob(['no picture']), 'IMAGE_UNREADABLE'],
    ['a file above the limit', () => new Blob([new Uint8Array(60_001)]), 'IMAGE_TOO_LARGE'],
    // It is refused with a status of HTTP, and not by GraphQL.
    ['a file far above it', () => new Blob([new Uint8Array(3_000_000)]), 'IMAGE_TOO_LARGE'],
  ])('says in a code why it does not take %s', async (_what, file, code) => {
    await expect(createQueryImage(client, file())).rejects.toMatchObject({ name: 'LookalikeError', code });
  });

  it('ends when it is told to', async () => {
    const abort = new AbortController();
    const upload = createQueryImage(client, await photograph(3), { signal: abort.signal });
    abort.abort();
    await expect(upload).rejects.toBeInstanceOf(LookalikeError);
  });
});

describe('toLookalikeError', () => {
  it('has the code and the sentence of the server', async () => {
    await kit.close();
    kit = makeApolloClient(shop.app.url, {}, { token: () => 'wrong' });
    const error = await kit.client
      .query({ query: EmbeddingBackfillsDocument, variables: { first: 1 } })
      .catch((reason: unknown) => toLookalikeError(reason));
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', message: expect.stringMatching(/token/) as string });
  });

  it('says that no answer came where nobody listens', async () => {
    await kit.close();
    kit = makeApolloClient('http://127.0.0.1:1/');
    const error = await kit.client
      .query({ query: ProductDocument, variables: { id: '1' } })
      .catch((reason: unknown) => toLookalikeError(reason));
    expect(error).toMatchObject({ code: 'NETWORK_ERROR', message: 'No answer came from the server.' });
  });

  it('takes what Apollo Server says of a document for bad input', async () => {
    const answer = await shop.query('{ nothingOfThatName }');
    expect(answer.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    const error = await kit.client
      .query({ query: SearchProductsDocument, variables: { input: {}, limit: 'many' as unknown as number } })
      .catch((reason: unknown) => toLookalikeError(reason));
    expect(error).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe('makeTypePolicies', () => {
  const question = { images: [{ productId: '4' }] };

  it('lets the pages of a question grow together, whatever their size', async () => {
    const variables = { input: question, limit: 5 };
    const first = await client.query({ query: SearchProductsDocument, variables });
    const query = client.watchQuery({ query: SearchProductsDocument, variables });
    const subscription = query.subscribe({});
    const after = first.data?.searchProducts.pageInfo.endCursor ?? null;
    await query.fetchMore({ variables: { after, limit: 8 } });
    const ids = await idsOf({ input: question, limit: 5 });
    expect(ids).toHaveLength(13);
    expect(new Set(ids).size).toBe(13);
    subscription.unsubscribe();
  });

  it('keeps a list for each filter', async () => {
    const narrow = { ...question, filter: { excludeIds: ['1', '2', '3', '5'] } };
    await client.query({ query: SearchProductsDocument, variables: { input: question, limit: 20 } });
    await client.query({ query: SearchProductsDocument, variables: { input: narrow, limit: 20 } });
    expect(await idsOf({ input: question, limit: 20 })).toHaveLength(13);
    expect(await idsOf({ input: narrow, limit: 20 })).toHaveLength(9);
  });

  it('keeps a list for each product and lowest similarity', async () => {
    const ask = (id: string, minSimilarity: number | null) =>
      client.query({ query: SimilarToProductDocument, variables: { id, limit: 3, minSimilarity } });
    const answers = [await ask('1', null), await ask('2', null), await ask('1', 0.9999)];
    expect(answers.map(({ data }) => data?.similarToProduct?.edges.length)).toEqual([3, 3, 0]);
    const sent = kit.requests();
    await ask('1', null);
    expect(kit.requests()).toBe(sent);
  });

  it('knows a product by what lists have brought of it', async () => {
    await client.query({ query: SearchProductsDocument, variables: { input: question, limit: 20 } });
    const known = client.readQuery({ query: ProductDocument, variables: { id: '7' }, returnPartialData: true });
    expect(known?.product?.title).toBe('Product 7');
  });
});
