import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER, CURL, getAsSpelt, makeBuiltPage, notFound, PAGE, STYLES, type Got } from '../support/built-page.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';

let page: Awaited<ReturnType<typeof makeBuiltPage>>;
let shop: TestShop;

beforeAll(async () => {
  page = await makeBuiltPage();
  shop = await startTestShop({ products: 1, overrides: { webRoot: page.webRoot } });
});

afterAll(async () => {
  await shop.close();
  await page.remove();
});

function get(path: string, headers: Record<string, string> = CURL): Promise<Got> {
  return getAsSpelt(shop.app.url, path, { headers });
}

describe('the files of the page', () => {
  it('are kept by a browser for ever where their names are hashed, and for an hour where not', async () => {
    expect(await get('/assets/index-Bx3kQ9.js')).toMatchObject({
      status: 200,
      body: 'void 0;',
      headers: {
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
      },
    });
    expect((await get('/favicon.svg')).headers).toMatchObject({
      'content-type': 'image/svg+xml',
      'cache-control': 'public, max-age=3600',
      'x-content-type-options': 'nosniff',
    });
    expect((await get('/site.webmanifest', BROWSER)).headers).toMatchObject({
      'content-type': 'application/manifest+json; charset=utf-8',
      'cache-control': 'public, max-age=3600',
    });
  });

  it('are sent compressed to whoever takes that', async () => {
    const compressed = await get('/assets/index-Q2cVb7.css', { 'accept-encoding': 'gzip' });
    expect(compressed).toMatchObject({
      status: 200,
      body: STYLES,
      headers: { 'content-encoding': 'gzip', vary: 'Accept-Encoding', 'content-type': 'text/css; charset=utf-8' },
    });
    const plain = await get('/assets/index-Q2cVb7.css');
    expect(plain).toMatchObject({ status: 200, body: STYLES, headers: { 'content-length': String(STYLES.length) } });
    expect(plain.headers['content-encoding']).toBeUndefined();
  });

  it.each([
    '/assets/index-Missing.js',
    '/assets/',
    '/assets',
    '/assets/fonts',
    '/assets/fonts/',
    '/assets/.secret.js',
    '/assets/../index.html',
    '/assets/..%2findex.html',
    '/assets/..%2f..%2fpackage.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/..%5c..%5cpackage.json',
    '/assets/index-Bx3kQ9.js%00.css',
    '/assets/%ff',
  ])('have no asset at %s, and nothing is sent in its place', async (path) => {
    const { status, headers, body } = await get(path, BROWSER);
    expect([status, body]).toEqual([404, 'Not Found']);
    expect(headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' });
  });

  it.each([
    '/..%2fpackage.json',
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%5cpackage.json',
    '//etc/passwd',
    '/%2fetc%2fpasswd',
    '/graphiql%2ehtml',
    '/graphiql.HTML',
    '/robots.html.html',
    '/favicon.svg%00.html',
    '/%00',
    '/%zz',
  ])('are none at %s', async (path) => {
    const { status, body } = await get(path, CURL);
    expect([status, body]).toEqual([404, notFound(`GET ${path}`)]);
    expect((await get(path, BROWSER)).body).toBe(PAGE);
  });
});
