import { createHash } from 'node:crypto';
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ProductDocument } from '../../packages/apollo/src/generated/operations.js';
import { makeApolloClient, type ClientOfShop } from '../support/apollo-client.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type Answer, type TestShop } from '../support/test-shop.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

let shop: TestShop;

beforeAll(async () => {
  shop = await startTestShop({ products: 2, env: { GRAPHQL_MAX_COST: '100' } });
});

afterAll(() => shop.close());

interface Sent {
  query?: string;
  hash?: string;
  version?: number;
  variables?: Record<string, unknown>;
}

const partsOf = ({ query, hash, version = 1, variables = {} }: Sent) => ({
  ...(query !== undefined && { query }),
  variables,
  ...(hash !== undefined && { extensions: { persistedQuery: { version, sha256Hash: hash } } }),
});

async function post(sent: Sent): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(partsOf(sent));
  const response = await fetch(`${shop.app.url}graphql`, { method: 'POST', headers, body });
  return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) };
}

async function get(sent: Sent): Promise<Answer> {
  const parts = Object.entries(partsOf(sent)).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const parameters = new URLSearchParams(Object.fromEntries(parts) as Record<string, string>);
  const headers = { 'apollo-require-preflight': 'true' };
  const response = await fetch(`${shop.app.url}graphql?${parameters.toString()}`, { headers });
  return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) };
}

const WAYS = [
  { way: 'by POST', send: post },
  { way: 'by GET', send: get },
];

const codeOf = ({ errors }: Answer): unknown => errors?.[0]?.extensions.code ?? null;

describe.each(WAYS)('a document that is registered $way', ({ way, send }) => {
  const query = `query ($id: ID! = 1) { product(id: $id) { id } } # ${way}`;
  const hash = sha256(query);

  it('is unknown before, and answered by its digest from then on', async () => {
    expect(codeOf(await send({ hash }))).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(await send({ query, hash })).toMatchObject({ data: { product: { id: '1' } } });
    for (const { send: ask } of WAYS) {
      expect(await ask({ hash, variables: { id: '2' } })).toMatchObject({ data: { product: { id: '2' } } });
    }
  });

  it('needs the digest that it has', async () => {
    const other = sha256(`${query} `);
    expect(await send({ query, hash: other })).toMatchObject({
      errors: [
        {
          message: '`extensions.persistedQuery.sha256Hash` is not the SHA-256 of `query` in hexadecimal.',
          extensions: { code: 'BAD_USER_INPUT', argument: 'extensions.persistedQuery' },
        },
      ],
    });
    expect(codeOf(await send({ hash: other }))).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(codeOf(await send({ query, hash, version: 2 }))).toBe('BAD_USER_INPUT');
  });

  it.each([
    ['it is too deep', `{ product(id: 1) ${'{ similarProducts { nodes '.repeat(9)} { id } ${'} }'.repeat(9)} }`],
    ['it costs too much', '{ similarToProduct(id: 1, limit: 90) { nodes { id } } }'],
    ['it is no GraphQL', '{ product('],
  ])('is not kept where %s', async (_fault, bad) => {
    const refused = await send({ query: `${bad} # ${way}`, hash: sha256(`${bad} # ${way}`) });
    expect(codeOf(refused)).toMatch(/^(GRAPHQL_\w+|BAD_USER_INPUT)$/);
    expect(codeOf(await send({ hash: sha256(`${bad} # ${way}`) }))).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  it('is checked each time for what it asks for', async () => {
    const search = `query ($limit: Int!) { similarToProduct(id: 1, limit: $limit) { nodes { id } } } # ${way}`;
    expect(codeOf(await send({ query: search, hash: sha256(search), variables: { limit: 1 } }))).toBeNull();
    expect(await send({ hash: sha256(search), variables: { limit: 90 } })).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT', cost: 111 } }],
    });
  });
});

describe('a digest', () => {
  it('runs no mutation by GET', async () => {
    const mutation = 'mutation { __typename }';
    expect(await post({ query: mutation, hash: sha256(mutation) })).toMatchObject({ data: { __typename: 'Mutation' } });
    expect((await get({ hash: sha256(mutation) })).status).toBe(405);
  });

  it.each([[null], [1], [{ a: 1 }], ['__proto__'], [['x']], ['']])('that is %j names nothing', async (hash) => {
    const answer = await post({ hash: hash as string });
    expect(codeOf(answer)).toBe('PERSISTED_QUERY_NOT_FOUND');
  });
});

describe("Apollo Client's own links", () => {
  it('register a query once too, without a header of ours', async () => {
    const requests: string[] = [];
    const noted: typeof fetch = async (url, init) => {
      const response = await fetch(url, init);
      requests.push(`${init?.method ?? 'GET'} ${response.headers.get('cache-control') ?? ''}`);
      return response;
    };
    const persisted = new PersistedQueryLink({ sha256, useGETForHashedQueries: true });
    const http = new HttpLink({ uri: `${shop.app.url}graphql`, fetch: noted });
    const client = new ApolloClient({ link: ApolloLink.from([persisted, http]), cache: new InMemoryCache() });
    const query = gql`
      query Title($id: ID!) {
        product(id: $id) {
          title
        }
      }
    `;
    for (const id of ['1', '2']) {
      expect((await client.query({ query, variables: { id } })).data).toMatchObject({
        product: { title: expect.any(String) as string },
      });
    }
    client.stop();
    expect(requests).toEqual(['GET no-store', 'POST no-store', 'GET public, max-age=60, stale-while-revalidate=60']);
  });
});

describe("the kit's link with persisted queries", () => {
  const requests: string[] = [];
  const noted: typeof fetch = (url, init) => {
    const hasText = `${url as string}${(init?.body ?? '') as string}`.includes('title');
    requests.push(`${init?.method ?? 'GET'} ${hasText ? 'text' : 'digest'}`);
    return fetch(url, init);
  };
  let kit: ClientOfShop;

  beforeEach(() => {
    requests.length = 0;
    kit = makeApolloClient(shop.app.url, {}, { persistedQueries: true, fetch: noted });
  });

  afterEach(() => kit.close());

  it('registers a query once, and asks for it by its digest by GET ever after', async () => {
    for (const id of ['1', '2']) {
      const { data } = await kit.client.query({ query: ProductDocument, variables: { id } });
      expect(data).toMatchObject({ product: { id } });
    }
    expect(requests).toEqual(['GET digest', 'POST text', 'GET digest']);
  });

  it('sends photographs and mutations as ever', async () => {
    const photograph = new Blob([new Uint8Array(await testPhotograph(1))]);
    const query = gql`
      query ($image: Upload) {
        similarProducts(image: $image, limit: 1) {
          status
        }
      }
    `;
    // Beyond the cost that this server takes: it has arrived whole.
    await expect(kit.client.query({ query, variables: { image: photograph } })).rejects.toThrow(
      'The operation costs 121',
    );
    const mutation = gql`
      mutation {
        __typename
      }
    `;
    await kit.client.mutate({ mutation });
    expect(requests).toEqual(['POST digest', 'POST digest']);
  });
});
