import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop, type TestShopOptions } from '../support/test-shop.js';

const FAILURES = `query ($id: ID!, $first: Int! = 20, $after: String) {
  embeddingBackfill(id: $id) {
    failures(first: $first, after: $after) {
      nodes { imageId productId imageUrl reason message httpStatus attempts firstFailedAt lastFailedAt isMended }
      edges { cursor }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

const COVERAGE = '{ embeddingStatus { coverage { total embedded missing stale failed } } }';

interface Failures {
  nodes: { imageId: string; reason: string; attempts: number; isMended: boolean }[];
  edges: { cursor: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

const shops: TestShop[] = [];

async function start(options: TestShopOptions = {}): Promise<TestShop> {
  const shop = await startTestShop(options);
  shops.push(shop);
  return shop;
}

afterEach(async () => {
  for (const shop of shops.splice(0)) await shop.close();
});

async function failuresOf(shop: TestShop, id: string, page = {}): Promise<Failures> {
  const { data } = await shop.asAdmin(FAILURES, { id, ...page });
  return (data?.embeddingBackfill as { failures: Failures }).failures;
}

async function storedImages(shop: TestShop): Promise<{ id: string; product: string; main: boolean }[]> {
  return shop.vectors.query(
    `select image_id as id, product_id as product, is_main_image as main from image_embeddings
     order by image_id::int`,
  );
}

async function coverageOf(shop: TestShop): Promise<unknown> {
  const { data } = await shop.query(COVERAGE);
  return (data?.embeddingStatus as { coverage: unknown }).coverage;
}

describe('a backfill', () => {
  it('embeds every main image, and a second one finds nothing to do', async () => {
    const shop = await start({ products: 25, env: { BATCH_SIZE: '10' } });
    const first = await shop.backfill();
    expect(first).toMatchObject({
      state: 'COMPLETED',
      counts: { total: 25, processed: 25, embedded: 25, skipped: 0, failed: 0 },
    });
    expect(await storedImages(shop)).toHaveLength(25);
    const second = await shop.backfill();
    expect(second.counts).toEqual({ total: 25, processed: 25, embedded: 0, skipped: 25, failed: 0 });
  });

  it('embeds every image again where all are asked for', async () => {
    const shop = await start({ products: 3 });
    await shop.backfill();
    const again = await shop.backfill({ scope: 'ALL' });
    expect(again.counts).toEqual({ total: 3, processed: 3, embedded: 3, skipped: 0, failed: 0 });
  });

  it('ends at once for an empty catalogue', async () => {
    const shop = await start({ products: 0 });
    expect(await shop.backfill()).toMatchObject({
      state: 'COMPLETED',
      counts: { total: 0, processed: 0, embedded: 0, skipped: 0, failed: 0 },
    });
    const { data } = await shop.upload(
      await testPhotograph(1),
      'query ($image: Upload) { similarProducts(image: $image) { status nodes { id } } }',
    );
    expect(data).toEqual({ similarProducts: { status: 'OK', nodes: [] } });
  });

  it('lists what failed with the reason, and embeds the rest', async () => {
    const shop = await start({ products: 8, env: { BATCH_SIZE: '3' } });
    await rm(join(shop.imageRoot, '2.jpg'));
    await writeFile(join(shop.imageRoot, '3.jpg'), '');
    await writeFile(join(shop.imageRoot, '4.jpg'), 'no picture at all');
    await writeFile(join(shop.imageRoot, '5.jpg'), (await testPhotograph(5)).subarray(0, 900));
    await shop.changeCatalogue(`update product_images set image_url = '../../etc/passwd' where id = 6`);
    await shop.changeCatalogue(`update product_images set image_url = 'http://127.0.0.1/a.jpg' where id = 7`);
    await shop.changeCatalogue(`update product_images set image_url = null where id = 8`);
    const run = await shop.backfill();
    expect(run).toMatchObject({ state: 'COMPLETED', counts: { total: 8, processed: 8, embedded: 1, failed: 7 } });
    const { nodes } = await failuresOf(shop, run.id);
    expect(nodes.map(({ imageId, reason }) => [imageId, reason])).toEqual([
      ['2', 'NOT_FOUND'],
      ['3', 'EMPTY'],
      ['4', 'NOT_AN_IMAGE'],
      ['5', 'CORRUPT'],
      ['6', 'BLOCKED_ADDRESS'],
      ['7', 'BLOCKED_ADDRESS'],
      ['8', 'NOT_FOUND'],
    ]);
    expect(await coverageOf(shop)).toEqual({ total: 8, embedded: 1, missing: 0, stale: 0, failed: 7 });
  });

  it('pages through failures without a gap', async () => {
    const shop = await start({ products: 5 });
    for (const number of [1, 2, 3, 4, 5]) await rm(join(shop.imageRoot, `${number}.jpg`));
    const run = await shop.backfill();
    const first = await failuresOf(shop, run.id, { first: 2 });
    const second = await failuresOf(shop, run.id, { first: 3, after: first.pageInfo.endCursor });
    expect([...first.nodes, ...second.nodes].map((node) => node.imageId)).toEqual(['1', '2', '3', '4', '5']);
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
  });

  it('leaves an image alone that failed for good, until failures are asked for', async () => {
    const shop = await start({ products: 2 });
    await rm(join(shop.imageRoot, '1.jpg'));
    await shop.backfill();
    const missing = await shop.backfill();
    expect(missing.counts).toEqual({ total: 2, processed: 2, embedded: 0, skipped: 2, failed: 0 });
    expect((await failuresOf(shop, missing.id)).nodes).toEqual([]);
    const failed = await shop.backfill({ scope: 'FAILED' });
    expect(failed.counts).toEqual({ total: 1, processed: 1, embedded: 0, skipped: 0, failed: 1 });
    expect((await failuresOf(shop, failed.id)).nodes).toMatchObject([{ imageId: '1', attempts: 2, isMended: false }]);
  });

  it('keeps what an earlier one could not embed, and says that it is mended', async () => {
    const shop = await start({ products: 2 });
    await rm(join(shop.imageRoot, '1.jpg'));
    const first = await shop.backfill();
    await writeFile(join(shop.imageRoot, '1.jpg'), await testPhotograph(1));
    const second = await shop.backfill({ scope: 'FAILED' });
    expect(second.counts).toEqual({ total: 1, processed: 1, embedded: 1, skipped: 0, failed: 0 });
    expect((await failuresOf(shop, second.id)).nodes).toEqual([]);
    expect((await failuresOf(shop, first.id)).nodes).toMatchObject([{ imageId: '1', attempts: 1, isMended: true }]);
    expect(await shop.vectors.query('select image_id from embedding_failures')).toEqual([]);
  });

  it('embeds every image of a product where all images are wanted, and searches give the product once', async () => {
    const images = [1, 2, 3].map((number) => ({
      id: String(number),
      productId: number === 3 ? '2' : '1',
      url: `${number}.jpg`,
      isMain: number !== 2,
    }));
    const catalog = { keyType: 'integer', products: [{ id: '1' }, { id: '2' }], images };
    const shop = await start({ catalog, env: { BACKFILL_IMAGES: 'all' } });
    expect((await shop.backfill()).counts).toMatchObject({ total: 3, embedded: 3 });
    const { data } = await shop.upload(
      await testPhotograph(2),
      'query ($image: Upload) { similarProducts(image: $image) { edges { node { id } image { id } } } }',
    );
    expect(data).toEqual({
      similarProducts: {
        edges: [
          { node: { id: '1' }, image: { id: '2' } },
          { node: { id: '2' }, image: { id: '3' } },
        ],
      },
    });
  });
});

describe('a backfill of a catalogue that has changed', () => {
  it('sees what is new, changed, deleted, and another main image', async () => {
    const shop = await start({ products: 6 });
    await shop.backfill();
    await writeFile(join(shop.imageRoot, 'other.jpg'), await testPhotograph(9));
    await copyFile(join(shop.imageRoot, '4.jpg'), join(shop.imageRoot, 'moved.jpg'));
    await shop.changeCatalogue(`insert into products (id, title) values (7, 'New')`);
    await shop.changeCatalogue(
      `insert into product_images (id, product_id, image_url, is_main_image)
       values (7, 7, '1.jpg', true), (8, 6, '2.jpg', true)`,
    );
    await shop.changeCatalogue(`update product_images set image_url = 'other.jpg' where id = 1`);
    await shop.changeCatalogue(`update product_images set image_url = 'moved.jpg' where id = 4`);
    await writeFile(join(shop.imageRoot, '2.jpg'), await testPhotograph(10));
    await shop.changeCatalogue(`update product_images set updated_at = '2026-05-05 10:00:00.123456+00' where id = 2`);
    await shop.changeCatalogue(`update product_images set product_id = 4 where id = 3`);
    await shop.changeCatalogue(`delete from product_images where id = 5`);
    await shop.changeCatalogue(`update product_images set is_main_image = false where id = 6`);
    expect(await coverageOf(shop)).toEqual({ total: 6, embedded: 1, missing: 2, stale: 3, failed: 0 });
    const run = await shop.backfill();
    expect(run.counts).toEqual({ total: 6, processed: 6, embedded: 4, skipped: 2, failed: 0 });
    expect(await storedImages(shop)).toEqual([
      { id: '1', product: '1', main: true },
      { id: '2', product: '2', main: true },
      { id: '3', product: '4', main: true },
      { id: '4', product: '4', main: true },
      { id: '7', product: '7', main: true },
      { id: '8', product: '6', main: true },
    ]);
    expect((await shop.backfill()).counts).toMatchObject({ embedded: 0, skipped: 6 });
  });

  it('keeps everything where the catalogue is suddenly empty', async () => {
    const shop = await start({ products: 3 });
    await shop.backfill();
    await shop.changeCatalogue('delete from product_images');
    await shop.backfill();
    expect(await storedImages(shop)).toHaveLength(3);
  });
});

describe('the list of backfills', () => {
  it('has the newest first, in pages', async () => {
    const shop = await start({ products: 1 });
    const ids = [];
    for (let count = 0; count < 3; count += 1) ids.unshift((await shop.backfill()).id);
    const LIST = `query ($first: Int! = 20, $after: String) {
      embeddingBackfills(first: $first, after: $after) { nodes { id } pageInfo { hasNextPage hasPreviousPage endCursor } }
    }`;
    const first = (await shop.asAdmin(LIST, { first: 2 })).data?.embeddingBackfills;
    expect(first).toMatchObject({ nodes: [{ id: ids[0] }, { id: ids[1] }], pageInfo: { hasNextPage: true } });
    const { endCursor } = (first as { pageInfo: { endCursor: string } }).pageInfo;
    const second = (await shop.asAdmin(LIST, { first: 2, after: endCursor })).data?.embeddingBackfills;
    expect(second).toMatchObject({ nodes: [{ id: ids[2] }], pageInfo: { hasNextPage: false, hasPreviousPage: true } });

    const foreign = await shop.asAdmin(LIST, { after: 'bm9uc2Vuc2U' });
    expect(foreign.errors).toMatchObject([
      {
        message: '`after` is not a cursor of this list. Take it from `cursor` or `endCursor`.',
        extensions: { code: 'INVALID_CURSOR', argument: 'after' },
      },
    ]);
    const tooMany = await shop.asAdmin(LIST, { first: 101 });
    expect(tooMany.errors).toMatchObject([
      { message: '`first` must be from 1 to 100, and 101 is not.', extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    const unknown = await shop.asAdmin('{ embeddingBackfill(id: "none") { id } }');
    expect(unknown).toMatchObject({ data: { embeddingBackfill: null } });
  });
});
