import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER, CURL, getAsSpelt, GRAPHIQL, makeBuiltPage, notFound, PAGE, type Got } from '../support/built-page.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';

let page: Awaited<ReturnType<typeof makeBuiltPage>>;
let shop: TestShop;

beforeAll(async () => {
  page = await makeBuiltPage();
});

afterAll(() => page.remove());

function get(path: string, headers: Record<string, string> = CURL, method = 'GET'): Promise<Got> {
  return getAsSpelt(shop.app.url, path, { headers, method });
}

function host(): string {
  return new URL(shop.app.url).host;
}

describe('a server with a page', () => {
  beforeAll(async () => {
    shop = await startTestShop({ products: 1, env: { GRAPHIQL: 'true' }, overrides: { webRoot: page.webRoot } });
  });

  afterAll(() => shop.close());

  afterEach(() => writeFile(join(page.webRoot, 'index.html'), PAGE));

  it.each([
    '/',
    '/?q=red+shoes',
    '/products/7',
    '/products/a%2Fb',
    '/products/%E0%A4%A',
    '/admin',
    '/admin/',
    '/admin/backfills/1',
  ])('sends it to a browser that asks for %s', async (path) => {
    const { status, headers, body } = await get(path, BROWSER);
    expect([status, body]).toEqual([200, PAGE]);
    expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', vary: 'Accept' });
  });

  it.each([['*/*'], [''], ['application/json'], ['text/plain, text/html;q=0.9'], ['image/avif,image/webp,*/*;q=0.8']])(
    'says as plain text what is here to who accepts "%s"',
    async (accept) => {
      const { status, headers, body } = await get('/', { accept });
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': 'text/plain; charset=utf-8',
        vary: 'Accept',
        'x-content-type-options': 'nosniff',
      });
      expect(body).toMatch(
        /^Lookalike: [^\n]+\n\nGET {2}\/ +this text; in a browser, the page to search with\nGET {2}\/graphiql +GraphiQL, /,
      );
      expect(body).toContain(`curl http://${host()}/graphql -H`);
    },
  );

  it('sends the page with a policy that lets in nothing from elsewhere but pictures', async () => {
    const { headers } = await get('/', BROWSER);
    expect(headers).toMatchObject({
      'cache-control': 'no-cache',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data: https: http:; " +
        `connect-src 'self' ws://${host()} wss://${host()}; font-src 'self'; manifest-src 'self'; base-uri 'none'; ` +
        "form-action 'self'; frame-ancestors 'none'",
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': 'camera=(self)',
      'referrer-policy': 'strict-origin-when-cross-origin',
      'x-content-type-options': 'nosniff',
    });
  });

  it('sends GraphiQL with a policy that its editor can work under', async () => {
    const { status, headers, body } = await get('/graphiql');
    expect([status, body]).toEqual([200, GRAPHIQL]);
    expect(headers).toMatchObject({
      'cache-control': 'no-cache',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data: https: http:; " +
        `connect-src 'self' ws://${host()} wss://${host()}; font-src 'self' data:; manifest-src 'self'; base-uri 'none'; ` +
        "form-action 'self'; frame-ancestors 'none'; worker-src 'self' blob:",
    });
  });

  it.each([
    ['shop.example', ' ws://shop.example wss://shop.example'],
    ['LOCALHOST:4000', ' ws://LOCALHOST:4000 wss://LOCALHOST:4000'],
    ['[::1]:4000', ''],
    ["a.example; script-src 'unsafe-inline'", ''],
    ['a.example *', ''],
    ['*.example', ''],
    ['a.example:443/path', ''],
    ['a..example', ''],
  ])('names the host of the request in its policy where it is one: "%s"', async (host, sources) => {
    const { headers } = await get('/', { ...BROWSER, host });
    expect(headers['content-security-policy']).toContain(`; connect-src 'self'${sources}; font-src`);
  });

  it('lets a browser keep the page it has, as long as it is the same', async () => {
    const { etag = '' } = (await get('/', BROWSER)).headers;
    const asked = { ...BROWSER, 'if-none-match': etag };
    expect((await get('/', asked)).status).toBe(304);
    expect(await get('/unknown', asked)).toMatchObject({ status: 404, body: PAGE });
    await writeFile(join(page.webRoot, 'index.html'), `${PAGE}<p>Another build</p>`);
    expect(await get('/', asked)).toMatchObject({ status: 200, body: `${PAGE}<p>Another build</p>` });
  });

  it('sends no body to who asks for the headers only', async () => {
    expect(await get('/', BROWSER, 'HEAD')).toMatchObject({ status: 200, body: '' });
    expect(await get('/unknown', BROWSER, 'HEAD')).toMatchObject({ status: 404, body: '' });
    expect(await get('/assets/index-Bx3kQ9.js', CURL, 'HEAD')).toMatchObject({ status: 200, body: '' });
  });

  it('sends the page whole, whatever part of it is asked for', async () => {
    const range = { ...BROWSER, range: 'bytes=0-3' };
    expect(await get('/', range)).toMatchObject({ status: 200, body: PAGE });
    expect(await get('/unknown', range)).toMatchObject({ status: 404, body: PAGE });
  });

  it.each(['/unknown', '/products', '/products/', '/index.html', '/graphiql.html', '/.secret', '/favicon.ico'])(
    'has nothing at %s: the page says so in a browser, and an error elsewhere',
    async (path) => {
      const shown = await get(path, BROWSER);
      expect(shown).toMatchObject({
        status: 404,
        body: PAGE,
        headers: { 'cache-control': 'no-cache', vary: 'Accept' },
      });
      expect(shown.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; /);
      const other = await get(path, CURL);
      expect(other).toMatchObject({ status: 404, body: notFound(`GET ${path}`), headers: { vary: 'Accept' } });
    },
  );

  it.each(['/products/7', '/admin'])('has the page alone at %s, and nothing for programs', async (path) => {
    expect(await get(path, CURL)).toMatchObject({ status: 404, body: notFound(`GET ${path}`) });
  });

  it('takes a form that is sent to an unknown address for no visit to it', async () => {
    expect(await get('/unknown?a=b', BROWSER, 'POST')).toMatchObject({
      status: 404,
      body: notFound('POST /unknown'),
    });
  });

  it('says that there is nothing where the page was removed meanwhile', async () => {
    await rm(join(page.webRoot, 'index.html'));
    expect(await get('/', BROWSER)).toMatchObject({ status: 404, body: notFound('GET /') });
  });

  it('cuts short what it repeats of a long address', async () => {
    expect((await get(`/${'a'.repeat(5000)}`)).body).toBe(notFound(`GET /${'a'.repeat(99)}`));
  });

  it('leaves the API and the pictures as they are, to browsers too', async () => {
    expect((await get('/graphql?query={__typename}', BROWSER)).status).toBe(400);
    expect((await get('/graphql/stream?query={__typename}', BROWSER)).headers['content-type']).toMatch(
      /^text\/event-stream/,
    );
    expect(await get('/images/missing.jpg', BROWSER)).toMatchObject({ status: 404, body: 'Not Found' });
    expect((await get('/images/1.jpg', BROWSER)).headers['content-type']).toBe('image/jpeg');
  });

  it('says at start where GraphiQL is', () => {
    expect(shop.app.graphiqlUrl).toBe(`${shop.app.url}graphiql`);
  });
});

describe('a server with a page and without GraphiQL', () => {
  beforeAll(async () => {
    shop = await startTestShop({ products: 1, overrides: { webRoot: page.webRoot } });
  });

  afterAll(() => shop.close());

  it('has nothing at its address, and says nothing of it', async () => {
    expect(await get('/graphiql')).toMatchObject({ status: 404, body: notFound('GET /graphiql') });
    expect(await get('/graphiql', BROWSER)).toMatchObject({ status: 404, body: PAGE });
    expect((await get('/')).body).not.toContain('graphiql');
    expect(shop.app.graphiqlUrl).toBeNull();
  });
});

describe('a server without a page', () => {
  beforeAll(async () => {
    shop = await startTestShop({ products: 1, env: { GRAPHIQL: 'true' }, overrides: { webRoot: null } });
  });

  afterAll(() => shop.close());

  it('sends everybody the text, which says how to build it', async () => {
    const { status, headers, body } = await get('/', BROWSER);
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', vary: 'Accept' });
    expect(body).toContain('\nThe page for browsers is not built: `npm run build` builds it.\n');
    expect(body).not.toContain('graphiql');
    expect(shop.app.graphiqlUrl).toBeNull();
  });

  it.each(['/admin', '/products/7', '/graphiql', '/assets/index-Bx3kQ9.js', '/favicon.svg'])(
    'has nothing at %s',
    async (path) => {
      expect(await get(path, BROWSER)).toMatchObject({ status: 404, body: notFound(`GET ${path}`) });
    },
  );
});
