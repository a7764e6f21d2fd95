import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';

let shop: TestShop;
let outside: string;

beforeAll(async () => {
  shop = await startTestShop({ products: 3 });
  outside = await mkdtemp(join(tmpdir(), 'lookalike-outside-'));
  await writeFile(join(outside, 'secret.jpg'), await testPhotograph(1));
  await symlink(join(outside, 'secret.jpg'), join(shop.imageRoot, 'link.jpg'));
  await writeFile(join(shop.imageRoot, 'a b.jpg'), await testPhotograph(2));
  await writeFile(join(shop.imageRoot, 'page.jpg'), '<html><script>alert(1)</script></html>');
  await writeFile(join(shop.imageRoot, 'notes.txt'), 'private');
});

afterAll(async () => {
  await shop.close();
  await rm(outside, { recursive: true });
});

const get = (path: string) => fetch(new URL(`images/${path}`, shop.app.url));

describe('the pictures of a folder', () => {
  it('are served as what their content is, and as nothing else', async () => {
    const response = await get('1.jpg');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(Buffer.from(await response.arrayBuffer())).toEqual(await testPhotograph(1));
  });

  it.each(['a%20b.jpg', 'a b.jpg', '2.jpg?version=2'])('are served where a backfill finds "%s"', async (stored) => {
    await shop.changeCatalogue('update product_images set image_url = $1 where id = 2', [stored]);
    expect((await shop.backfill()).counts).toMatchObject({ failed: 0 });
    const { data } = await shop.query('{ product(id: "2") { mainImage { url } } }');
    const { mainImage } = data?.product as { mainImage: { url: string } };
    const response = await fetch(new URL(mainImage.url, shop.app.url));
    expect(Buffer.from(await response.arrayBuffer())).toEqual(await testPhotograph(2));
  });

  it.each([
    ['leads out of the folder by a link', 'link.jpg'],
    ['leads out of the folder by its path', '%2e%2e%2fdata%2flookalike.lock'],
    ['is a page that calls itself a picture', 'page.jpg'],
    ['is a text', 'notes.txt'],
    ['is not there', '99.jpg'],
    ['is the folder', ''],
    ['is an address', 'http%3A%2F%2F127.0.0.1%2Fa.jpg'],
    ['is badly encoded', '%zz'],
  ])('are not served where what is asked for %s', async (_what, path) => {
    const response = await get(path);
    expect([400, 404]).toContain(response.status);
    expect(await response.text()).not.toMatch(/private|script|lock/);
  });
});
