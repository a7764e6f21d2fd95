import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, startTestShop, type TestShop } from '../support/test-shop.js';

const READ_TOKEN = 'the-read-token-of-the-tests';
const SHOP_ORIGIN = 'https://shop.example';

const SIMILAR = '{ similarToProduct(id: 1) { nodes { id title } status } }';
const PUBLIC = 'public, max-age=30, stale-while-revalidate=30';

let shop: TestShop;

const env = { CACHE_SECONDS: '30', READ_TOKEN };

afterEach(() => shop.close());

type Headers = Record<string, string>;

function get(parameters: Record<string, string>, headers: Headers = {}): Promise<Response> {
  return fetch(`${shop.app.url}graphql?${new URLSearchParams(parameters).toString()}`, {
    headers: { 'apollo-require-preflight': 'true', ...headers },
  });
}

/** As browsers do; `fetch` itself would ask for an answer that nothing may be spared of. */
const askingAnew = (etag: string): Headers => ({ 'if-none-match': etag, 'cache-control': 'max-age=0' });

const cachingOf = (response: Response): string | null => response.headers.get('cache-control');

async function cachingOfGet(query: string, headers: Headers = {}): Promise<string | null> {
  return cachingOf(await get({ query }, headers));
}

async function cachingOfPost(body: unknown): Promise<string | null> {
  const headers = { 'content-type': 'application/json' };
  return cachingOf(await fetch(`${shop.app.url}graphql`, { method: 'POST', headers, body: JSON.stringify(body) }));
}

describe('what is the same for everybody', () => {
  beforeEach(async () => {
    shop = await startTestShop({ products: 2, env: { ...env, ALLOWED_ORIGINS: SHOP_ORIGIN } });
  });

  it('may be kept by caches for CACHE_SECONDS where it was asked for by GET', async () => {
    for (const query of [
      SIMILAR,
      '{ similarToProduct(id: "999") { status } }',
      '{ product(id: 1) { title similarProducts { nodes { id } } } }',
      '{ productFacets { brands { value } } __typename }',
      '{ product(id: 1) { id } ...More } fragment More on Query { two: product(id: 2) { id } }',
    ]) {
      expect([query, await cachingOfGet(query)]).toEqual([query, PUBLIC]);
    }
  });

  it('may be kept where its document was named by its digest', async () => {
    const extensions = {
      persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(SIMILAR).digest('hex') },
    };
    const digest = { extensions: JSON.stringify(extensions) };
    expect(cachingOf(await get(digest))).toBe('no-store');
    expect(await cachingOfPost({ query: SIMILAR, extensions })).toBe('no-store');
    expect(cachingOf(await get(digest))).toBe(PUBLIC);
  });

  it('is kept for each kind of answer, and for each origin', async () => {
    const { headers } = await get({ query: SIMILAR }, { origin: SHOP_ORIGIN });
    expect(headers.get('vary')).toBe('Accept, Origin');
    expect(headers.get('access-control-allow-origin')).toBe(SHOP_ORIGIN);
    expect((await get({ query: SIMILAR }, { origin: 'https://other.example' })).headers.get('vary')).toBe(
      'Accept, Origin',
    );
  });

  it('is not sent again while it is the same', async () => {
    const etag = (await get({ query: SIMILAR })).headers.get('etag') ?? '';
    const again = await get({ query: SIMILAR }, askingAnew(etag));
    expect([again.status, await again.text(), cachingOf(again)]).toEqual([304, '', PUBLIC]);
    await shop.backfill();
    const changed = await get({ query: SIMILAR }, askingAnew(etag));
    expect([changed.status, cachingOf(changed)]).toEqual([200, PUBLIC]);
  });
});

describe('anything else', () => {
  beforeEach(async () => {
    shop = await startTestShop({ products: 2, env });
  });

  it.each([
    ['how the server is', '{ embeddingStatus { sequence } }'],
    ['models', '{ embeddingModels { name } }'],
    ['words', '{ searchProducts(input: { text: "mug" }) { status } }'],
    ['a query image', '{ queryImage(id: "1") { id } }'],
    ['products that look like a query image', '{ similarProducts(queryImageId: "1") { status } }'],
    ['the same beside what is for everybody', `{ product(id: 1) { id } embeddingStatus { sequence } }`],
    ['the same by another name', '{ product: embeddingStatus { sequence } }'],
    ['the same in a fragment', '{ ...F } fragment F on Query { ... { embeddingStatus { sequence } } }'],
    ['the schema', '{ __schema { queryType { name } } }'],
    ['an error', '{ similarToProduct(id: 1, limit: 0) { status } }'],
    ['a document that does not fit', '{ product }'],
    ['no GraphQL', '{ product('],
    ['a mutation', 'mutation { __typename }'],
    ['a subscription', 'subscription { embeddingStatus { sequence } }'],
  ])('is never kept: %s', async (_what, query) => {
    expect(await cachingOfGet(query)).toBe('no-store');
  });

  it('is never kept: what came by POST, or with a token', async () => {
    expect(await cachingOfPost({ query: SIMILAR })).toBe('no-store');
    expect(await cachingOfPost({})).toBe('no-store');
    for (const token of [ADMIN_TOKEN, READ_TOKEN, 'not-a-token-that-is-known']) {
      expect(await cachingOfGet(SIMILAR, { authorization: `Bearer ${token}` })).toBe('no-store');
    }
  });

  it('is never kept: what is refused before it is looked at', async () => {
    const noPreflight = await fetch(`${shop.app.url}graphql?query={__typename}`);
    const wrongDigest = await get({ query: SIMILAR, extensions: '{"persistedQuery":{"version":2}}' });
    expect([noPreflight, wrongDigest].map((response) => [response.status, cachingOf(response)])).toEqual([
      [400, 'no-store'],
      [400, 'no-store'],
    ]);
  });
});

describe('a server that lets nothing be kept', () => {
  it.each([
    ['CACHE_SECONDS is 0', { CACHE_SECONDS: '0' }, {}],
    ['it answers nobody without a token', { PUBLIC_ACCESS: 'none' }, { authorization: `Bearer ${READ_TOKEN}` }],
    ['it was not sent the token', { PUBLIC_ACCESS: 'none' }, {}],
  ])('says so where %s', async (_why, more, headers) => {
    shop = await startTestShop({ products: 1, env: { ...env, ...more } });
    expect(await cachingOfGet(SIMILAR, headers)).toBe('no-store');
  });
});
