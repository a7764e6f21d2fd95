import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestShop, type Answer, type TestShop } from '../support/test-shop.js';

const ALLOWED = 'https://shop.example';
const FOREIGN = 'https://elsewhere.example';
const QUERY = '{ embeddingStatus { sequence } }';
const PREFLIGHT = { 'apollo-require-preflight': 'true' };

let shop: TestShop;

beforeAll(async () => {
  shop = await startTestShop({ products: 1, env: { ALLOWED_ORIGINS: ALLOWED, TRUST_PROXY: 'loopback' } });
});

afterAll(() => shop.close());

const ask = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${shop.app.url}${path}`, init);

const headersOf = async (path: string, init?: RequestInit): Promise<Record<string, string>> =>
  Object.fromEntries((await ask(path, init)).headers);

const preflight = (origin: string): Promise<Record<string, string>> =>
  headersOf('graphql', {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });

describe('a preflight', () => {
  it('tells a listed origin what it may send, and read of an answer', async () => {
    expect(await preflight(ALLOWED)).toMatchObject({
      'access-control-allow-origin': ALLOWED,
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'authorization,content-type',
      'access-control-max-age': '7200',
      vary: 'Origin, Access-Control-Request-Headers',
    });
    const answer = await headersOf('graphql', { method: 'POST', headers: { origin: ALLOWED } });
    expect(answer).toMatchObject({
      'access-control-allow-origin': ALLOWED,
      'access-control-expose-headers': 'Retry-After,X-Request-Id',
    });
  });

  it('allows another origin nothing, and nobody to send cookies', async () => {
    for (const origin of [FOREIGN, 'null', `${ALLOWED}.elsewhere.example`, ALLOWED.toUpperCase()]) {
      expect(await preflight(origin)).not.toHaveProperty('access-control-allow-origin');
    }
    expect(await preflight(ALLOWED)).not.toHaveProperty('access-control-allow-credentials');
  });
});

describe('what a page of another site can send without asking first', () => {
  const form = new FormData();
  form.set('operations', JSON.stringify({ query: QUERY }));
  form.set('map', '{}');
  const search = new URLSearchParams({ query: QUERY });

  it.each([
    ['a form', 'graphql', { method: 'POST', body: search }],
    ['a form with a file', 'graphql', { method: 'POST', body: form }],
    ['text', 'graphql', { method: 'POST', body: JSON.stringify({ query: QUERY }) }],
    ['a blob', 'graphql', { method: 'POST', body: new Blob([JSON.stringify({ query: QUERY })]) }],
    ['an image element', `graphql?${search.toString()}`, {}],
  ] as const)('is refused: %s', async (_what, path, init) => {
    const response = await ask(path, init);
    const { data, errors } = (await response.json()) as Answer;
    expect([response.status, data, errors?.length]).toEqual([400, undefined, 1]);
  });

  it('is answered to who shows that it could ask first', async () => {
    const answer = await ask(`graphql?${search.toString()}`, { headers: PREFLIGHT });
    expect(((await answer.json()) as Answer).data).toMatchObject({ embeddingStatus: {} });
  });
});

describe('every answer', () => {
  const PATHS = ['', 'graphql', 'graphql/stream', 'images/1.jpg', 'images/none.jpg', 'livez', 'metrics', 'nothing'];

  it.each(PATHS)('has headers that keep browsers from making more of it: /%s', async (path) => {
    const headers = await headersOf(path);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
      'content-security-policy': expect.stringMatching(/^default-src 'none'/) as string,
      'cross-origin-resource-policy': path === 'images/1.jpg' ? 'cross-origin' : 'same-origin',
    });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('strict-transport-security');
  });

  it('promises HTTPS to who has come by it, as a trusted proxy says', async () => {
    const headers = await headersOf('livez', { headers: { 'x-forwarded-proto': 'https' } });
    expect(headers).toMatchObject({ 'strict-transport-security': 'max-age=31536000' });
  });
});
