import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, startTestShop, type TestShop } from '../support/test-shop.js';
import { WAYS_IN } from '../support/ways-in.js';

const READ_TOKEN = 'the-read-token-of-the-tests';
const NEXT_READ_TOKEN = 'the-read-token-that-comes-next';
/** `printf %s NEXT_READ_TOKEN | sha256sum` */
const NEXT_READ_DIGEST = 'acfab0463d607b35298f6e4a6d2e7fe5df97d7719222a23db1475d0289d2db0c';

const STATUS = 'query { embeddingStatus { sequence } }';
const STATUS_STREAM = 'subscription { embeddingStatus { sequence } }';

const operationFor = (way: string): string =>
  way === 'over WebSocket' || way === 'as an event stream' ? STATUS_STREAM : STATUS;

let shop: TestShop;

describe('a server that answers nobody without a token', () => {
  beforeAll(async () => {
    const env = { PUBLIC_ACCESS: 'none', READ_TOKEN: `${READ_TOKEN},sha256:${NEXT_READ_DIGEST}` };
    shop = await startTestShop({ products: 1, env });
  });

  afterAll(() => shop.close());

  const ways = Object.entries(WAYS_IN);
  const REFUSED = [
    undefined,
    'Bearer not-a-token-that-is-known',
    `Basic ${ADMIN_TOKEN}`,
    `Bearer ${READ_TOKEN}x`,
    `Bearer sha256:${NEXT_READ_DIGEST}`,
  ];

  it.each(ways)('refuses whatever is asked %s', async (way, send) => {
    for (const query of [operationFor(way), '{ __typename }', '{ __schema { types { name } } }', 'no GraphQL']) {
      for (const authorization of REFUSED) {
        expect(await send(shop.app, query, authorization)).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
      }
    }
  });

  it.each(ways)('answers readers and admins %s', async (way, send) => {
    for (const token of [READ_TOKEN, NEXT_READ_TOKEN, ADMIN_TOKEN]) {
      expect(await send(shop.app, operationFor(way), `Bearer ${token}`)).toEqual([]);
    }
  });

  it('says what is missing, by a status of HTTP too', async () => {
    const response = await fetch(`${shop.app.url}graphql?query={__typename}`);
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(await response.json()).toMatchObject({
      errors: [{ message: expect.stringContaining('answers nobody without a token') as string }],
    });
  });

  it.each(['multipart/form-data; boundary=x', 'application/json'])(
    'refuses a body before it has come: %s',
    async (type) => {
      // Nothing of the body is ever sent: only an answer that does not wait for it comes.
      expect(await statusOfUnsentBody(type)).toBe(401);
    },
  );

  it('still shows the page that asks for the token, and says how it is', async () => {
    expect((await fetch(shop.app.url)).status).toBe(200);
    expect((await fetch(`${shop.app.url}livez`)).status).toBe(200);
    expect((await fetch(`${shop.app.url}images/1.jpg`)).status).toBe(200);
  });
});

function statusOfUnsentBody(type: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': type, 'content-length': 5_000_000, 'apollo-require-preflight': 'true' };
    const sent = request(`${shop.app.url}graphql`, { method: 'POST', headers }, (response) => {
      resolve(response.statusCode);
      sent.destroy();
    });
    sent.on('error', reject);
    sent.flushHeaders();
  });
}

describe('a server whose identity provider is away', () => {
  beforeAll(async () => {
    // Nothing listens there.
    shop = await startTestShop({ products: 1, env: { JWT_JWKS_URL: 'http://127.0.0.1:9/keys.json' } });
  });

  afterAll(() => shop.close());

  const head = Buffer.from('{"alg":"RS256","kid":"1"}').toString('base64url');

  it.each(Object.entries(WAYS_IN))(
    'says so to who sends a token of it, and answers all others %s',
    async (way, send) => {
      expect(await send(shop.app, operationFor(way), `Bearer ${head}.e30.AAAA`)).toMatchObject([
        { extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterMs: 5000 } },
      ]);
      expect(await send(shop.app, operationFor(way))).toEqual([]);
      expect(await send(shop.app, operationFor(way), `Bearer ${ADMIN_TOKEN}`)).toEqual([]);
    },
  );
});
