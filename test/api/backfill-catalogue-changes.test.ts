import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { embeddedIds } from '../support/backfill-operations.js';
import { knownBy, photograph, startImageHost, type ImageHost } from '../support/image-host.js';
import { countingEncoder } from '../support/scripted-encoders.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';

let shop: TestShop;
let counting: ReturnType<typeof countingEncoder>;

beforeEach(() => {
  counting = countingEncoder();
});

const SIMILAR = `query ($image: Upload) {
  similarProducts(image: $image, limit: 3) { edges { similarity node { id } image { id } } }
}`;

interface Match {
  similarity: number;
  node: { id: string };
  image: { id: string };
}

/** The products that look most like a photograph. */
async function mostLike(number: number): Promise<Match[]> {
  const { data } = await shop.upload(await testPhotograph(number), SIMILAR);
  return (data?.similarProducts as { edges: Match[] }).edges;
}

async function row(imageId: string): Promise<Record<string, unknown> | undefined> {
  const [stored] = await shop.vectors.query<Record<string, unknown>>(
    `select image_url as url, product_id as product, is_main_image as main, etag, source_updated_at is not null as dated,
       length(content_hash) as hash, embedded_at from image_embeddings where image_id = $1::text`,
    [imageId],
  );
  return stored;
}

describe('an image of a folder', () => {
  beforeEach(async () => {
    shop = await startTestShop({ products: 4, overrides: { encoder: counting.encoder } });
    await shop.backfill();
    expect(counting.count()).toBe(4);
  });

  afterEach(() => shop.close());

  it('costs no inference where its URL is another one for the same bytes', async () => {
    const before = await row('1');
    await copyFile(join(shop.imageRoot, '1.jpg'), join(shop.imageRoot, 'moved.jpg'));
    await shop.changeCatalogue(`update product_images set image_url = 'moved.jpg' where id = 1`);
    expect((await shop.backfill()).counts).toEqual({ total: 4, processed: 4, embedded: 0, skipped: 4, failed: 0 });
    expect(counting.count()).toBe(4);
    expect(await row('1')).toEqual({ ...before, url: 'moved.jpg' });
    expect((await shop.backfill()).counts).toMatchObject({ skipped: 4 });
  });

  it('is embedded anew where what is at its URL is another photograph', async () => {
    await writeFile(join(shop.imageRoot, '1.jpg'), await testPhotograph(30));
    expect((await shop.backfill()).counts).toMatchObject({ embedded: 0, skipped: 4 });
    await shop.changeCatalogue('update product_images set updated_at = now() where id = 1');
    expect((await shop.backfill()).counts).toEqual({ total: 4, processed: 4, embedded: 1, skipped: 3, failed: 0 });
    expect(counting.count()).toBe(5);
    expect(await row('1')).toMatchObject({ dated: true, hash: 32 });
    const [best] = await mostLike(30);
    expect(best).toMatchObject({ node: { id: '1' }, image: { id: '1' } });
    expect(best?.similarity).toBeGreaterThan(0.999);
  });

  it('is found under its new product where it moved, at no cost', async () => {
    await shop.changeCatalogue('update product_images set product_id = 4 where id = 1');
    await shop.changeCatalogue('delete from product_images where id = 4');
    await shop.backfill();
    expect(counting.count()).toBe(4);
    expect((await mostLike(1))[0]).toMatchObject({ node: { id: '4' }, image: { id: '1' } });
  });

  it('is found no more once it is deleted, and its row goes with the next run', async () => {
    expect((await mostLike(1))[0]).toMatchObject({ node: { id: '1' } });
    await shop.changeCatalogue('delete from product_images where id = 1');
    await shop.changeCatalogue('delete from products where id = 1');
    expect(await embeddedIds(shop)).toContain('1');
    expect((await mostLike(1)).map(({ node }) => node.id)).not.toContain('1');
    await shop.backfill();
    expect(await embeddedIds(shop)).toEqual(['2', '3', '4']);
  });

  it('is found no more once it is deleted, also where its product stays', async () => {
    await shop.changeCatalogue('delete from product_images where id = 1');
    expect((await mostLike(1)).map(({ image }) => image.id)).not.toContain('1');
    await shop.backfill();
    expect(await embeddedIds(shop)).toEqual(['2', '3', '4']);
  });

  it('makes way for another main image', async () => {
    await writeFile(join(shop.imageRoot, 'main.jpg'), await testPhotograph(31));
    await shop.changeCatalogue('update product_images set is_main_image = false where id = 1');
    await shop.changeCatalogue(
      `insert into product_images (id, product_id, image_url, is_main_image) values (9, 1, 'main.jpg', true)`,
    );
    expect((await shop.backfill()).counts).toEqual({ total: 4, processed: 4, embedded: 1, skipped: 3, failed: 0 });
    expect(await embeddedIds(shop)).toEqual(['2', '3', '4', '9']);
    expect((await mostLike(31))[0]).toMatchObject({ node: { id: '1' }, image: { id: '9' } });
  });
});

describe('an image of a host', () => {
  let host: ImageHost;

  beforeEach(async () => {
    host = await startImageHost();
    const images = [{ id: '1', productId: '1', url: `${host.origin}/1.jpg`, isMain: true }];
    const catalog = { keyType: 'integer', products: [{ id: '1' }], images };
    const env = { IMAGE_ALLOWED_PRIVATE_HOSTS: host.host };
    shop = await startTestShop({ catalog, env, overrides: { encoder: counting.encoder } });
    host.on('/1.jpg', knownBy({ etag: '"v1"' }, await testPhotograph(1)));
    await shop.backfill();
  });

  afterEach(async () => {
    await shop.close();
    await host.close();
  });

  it('costs neither bytes nor inference where its host says that it is the one that is known', async () => {
    expect(await row('1')).toMatchObject({ etag: '"v1"', dated: false });
    await shop.changeCatalogue('update product_images set updated_at = now()');
    expect((await shop.backfill()).counts).toMatchObject({ embedded: 0, skipped: 1 });
    expect(host.requests.map(({ headers }) => headers['if-none-match'] ?? null)).toEqual([null, '"v1"']);
    expect(counting.count()).toBe(1);
    expect(await row('1')).toMatchObject({ etag: '"v1"', dated: true });
    expect((await shop.backfill()).counts).toMatchObject({ skipped: 1 });
    expect(host.requests).toHaveLength(2);
  });

  it('is embedded anew where its host has another one', async () => {
    host.on('/1.jpg', knownBy({ etag: '"v2"' }, await testPhotograph(2)));
    await shop.changeCatalogue('update product_images set updated_at = now()');
    expect((await shop.backfill()).counts).toMatchObject({ embedded: 1, skipped: 0 });
    expect(await row('1')).toMatchObject({ etag: '"v2"' });
    expect(counting.count()).toBe(2);
  });

  it('is asked for without a condition under a URL that is new', async () => {
    host.on('/other.jpg', photograph(await testPhotograph(1)));
    await shop.changeCatalogue('update product_images set image_url = $1::text', [`${host.origin}/other.jpg`]);
    expect((await shop.backfill()).counts).toMatchObject({ embedded: 0, skipped: 1 });
    expect(host.requests.at(-1)?.headers['if-none-match']).toBeUndefined();
    expect(counting.count()).toBe(1);
    expect(await row('1')).toMatchObject({ url: `${host.origin}/other.jpg`, etag: null });
  });

  it('is fetched whole, whatever is known of it, where all are embedded again', async () => {
    expect((await shop.backfill({ scope: 'ALL' })).counts).toMatchObject({ embedded: 1, skipped: 0 });
    expect(host.requests.map(({ headers }) => headers['if-none-match'] ?? null)).toEqual([null, null]);
    expect(counting.count()).toBe(2);
  });
});
