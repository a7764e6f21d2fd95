import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';

const ALLOWED = 'https://shop.example';

let shop: TestShop;

beforeAll(async () => {
  shop = await startTestShop({ products: 2, env: { ALLOWED_ORIGINS: `${ALLOWED}, https://admin.example` } });
  await writeFile(join(shop.imageRoot, 'page.jpg'), '<html><script>alert(1)</script></html>');
  await writeFile(join(shop.imageRoot, '..', 'outside.jpg'), await testPhotograph(9));
});

afterAll(() => shop.close());

/** Asks for a path as it stands: `fetch` would take its dots out first. */
async function statusOf(path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(shop.app.url);
  const asking = request({ hostname, port, path });
  asking.end();
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

const socketUrl = () => `${shop.app.url.replace('http', 'ws')}graphql`;

describe('the front page', () => {
  it('says as plain text what is here, with a request that names this server', async () => {
    const response = await fetch(shop.app.url);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const text = await response.text();
    expect(text).toMatch(/^Lookalike: visual product search over GraphQL\.\n/);
    expect(text).toContain(`curl ${new URL(shop.app.url).origin}/graphql -H 'apollo-require-preflight: true'`);
  });
});

describe('a page of another site', () => {
  const QUERY = { method: 'POST', body: '{"query":"{ embeddingModels { name } }"}' };

  const askFrom = (origin: string) =>
    fetch(`${shop.app.url}graphql`, { ...QUERY, headers: { origin, 'content-type': 'application/json' } });

  it.each([ALLOWED, 'https://admin.example'])('may read answers where its origin is allowed: %s', async (origin) => {
    const response = await askFrom(origin);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('vary')).toMatch(/\bOrigin\b/);
  });

  it.each(['https://elsewhere.example', `${ALLOWED}.elsewhere.example`, 'http://shop.example', 'null'])(
    'may not where it is not: %s',
    async (origin) => {
      expect((await askFrom(origin)).headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  it('may ask before it sends a photograph, where it is allowed', async () => {
    const response = await fetch(`${shop.app.url}graphql`, {
      method: 'OPTIONS',
      headers: {
        origin: ALLOWED,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'apollo-require-preflight,authorization',
      },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe(ALLOWED);
    expect(response.headers.get('access-control-allow-headers')).toBe('apollo-require-preflight,authorization');
  });

  it('may open a socket where it is allowed', async () => {
    const socket = new WebSocket(socketUrl(), 'graphql-transport-ws', { origin: ALLOWED });
    await once(socket, 'open');
    socket.close();
    await once(socket, 'close');
  });
});

describe('the pictures', () => {
  it('are served with what keeps a browser from running them', async () => {
    const response = await fetch(`${shop.app.url}images/1.jpg`);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
  });

  it.each([
    ['is not there', '/images/missing.jpg'],
    ['is no picture', '/images/page.jpg'],
    ['is outside of the folder', '/images/../outside.jpg'],
    ['is outside of the folder, encoded', '/images/..%2foutside.jpg'],
    ['is outside of the folder, encoded twice', '/images/%252e%252e%252foutside.jpg'],
    ['is the folder', '/images/'],
    ['is no path', '/images/%ff'],
  ])('have nothing that %s', async (_what, path) => {
    expect(await statusOf(path)).toBe(404);
  });
});

describe('the API', () => {
  it('names the models that have embeddings', async () => {
    expect((await shop.query('{ embeddingModels { name dimensions } }')).data).toEqual({
      embeddingModels: [{ name: 'deterministic', dimensions: 512 }],
    });
  });

  it('refuses a limit out of bounds of the products that look like one', async () => {
    const { errors } = await shop.query('{ product(id: "1") { similarProducts(limit: 0) { status } } }');
    expect(errors).toMatchObject([
      {
        message: '`limit` must be from 1 to 100, and 0 is not.',
        path: ['product', 'similarProducts'],
        extensions: { code: 'BAD_USER_INPUT', argument: 'limit' },
      },
    ]);
  });
});

describe('a server that stops', () => {
  it('closes its sockets with 1001', async () => {
    const socket = new WebSocket(socketUrl(), 'graphql-transport-ws');
    await once(socket, 'open');
    const closed = once(socket, 'close') as Promise<[number]>;
    await shop.restart();
    expect((await closed)[0]).toBe(1001);
  });
});
