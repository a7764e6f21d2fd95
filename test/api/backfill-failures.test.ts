import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { embeddedIds, failuresOf } from '../support/backfill-operations.js';
import { inTurn, photograph, startImageHost, status, type ImageHost } from '../support/image-host.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';

let shop: TestShop;

describe('what a run could not embed', () => {
  let id: string;

  /** Images 1 to 3 are not there, 4 is empty, 5 is no photograph, 6 can be embedded. */
  beforeEach(async () => {
    shop = await startTestShop({ products: 6 });
    for (const number of [1, 2, 3]) await rm(join(shop.imageRoot, `${number}.jpg`));
    await writeFile(join(shop.imageRoot, '4.jpg'), '');
    await writeFile(join(shop.imageRoot, '5.jpg'), 'no photograph');
    id = (await shop.backfill()).id;
  });

  afterEach(() => shop.close());

  it('is listed with product, URL, reason and times', async () => {
    const { failures } = await failuresOf(shop, id, { first: 1 });
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
    expect(failures.nodes).toEqual([
      {
        imageId: '1',
        productId: '1',
        imageUrl: '1.jpg',
        product: { id: '1', title: 'Product 1' },
        reason: 'NOT_FOUND',
        message: 'There is no photograph at "1.jpg" in the folder of images.',
        httpStatus: null,
        attempts: 1,
        firstFailedAt: time,
        lastFailedAt: time,
        nextTryAt: null,
        isMended: false,
      },
    ]);
  });

  it('is counted by reason, most first, and listed by reason, in pages', async () => {
    const { failures, failureCounts } = await failuresOf(shop, id, { reason: 'NOT_FOUND', first: 2 });
    expect(failureCounts).toEqual([
      { reason: 'NOT_FOUND', count: 3 },
      { reason: 'EMPTY', count: 1 },
      { reason: 'NOT_AN_IMAGE', count: 1 },
    ]);
    expect(failures.nodes.map(({ imageId }) => imageId)).toEqual(['1', '2']);
    expect(failures.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const rest = await failuresOf(shop, id, { reason: 'NOT_FOUND', first: 2, after: failures.pageInfo.endCursor });
    expect(rest.failures.nodes.map(({ imageId }) => imageId)).toEqual(['3']);
    expect(rest.failures.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    expect((await failuresOf(shop, id, { reason: 'TLS' })).failures.nodes).toEqual([]);
  });

  it('is refused in pages that can not be', async () => {
    for (const first of [0, 101]) {
      const message = `\`first\` must be from 1 to 100, and ${first} is not.`;
      await expect(failuresOf(shop, id, { first })).rejects.toThrow(message);
    }
    await expect(failuresOf(shop, id, { after: 'bm9uc2Vuc2U' })).rejects.toThrow(
      '`after` is not a cursor of this list. Take it from `cursor` or `endCursor`.',
    );
  });

  it('has no product where the catalogue has none any more', async () => {
    await shop.changeCatalogue('delete from products where id = 2');
    const { nodes } = (await failuresOf(shop, id)).failures;
    expect(nodes.map(({ productId, product }) => [productId, product?.id ?? null])).toEqual([
      ['1', '1'],
      ['2', null],
      ['3', '3'],
      ['4', '4'],
      ['5', '5'],
    ]);
  });

  it('is kept after it is mended, and after its image has left the catalogue', async () => {
    await writeFile(join(shop.imageRoot, '1.jpg'), await testPhotograph(1));
    await shop.changeCatalogue('delete from product_images where id = 2');
    const later = await shop.backfill({ scope: 'FAILED' });
    expect(later.counts).toMatchObject({ embedded: 1, failed: 3 });
    const { nodes } = (await failuresOf(shop, id)).failures;
    expect(nodes.map(({ imageId, isMended }) => [imageId, isMended])).toEqual([
      ['1', true],
      ['2', true],
      ['3', false],
      ['4', false],
      ['5', false],
    ]);
    expect((await failuresOf(shop, id)).failureCounts[0]).toEqual({ reason: 'NOT_FOUND', count: 3 });
    expect(
      (await failuresOf(shop, later.id)).failures.nodes.map(({ imageId, attempts }) => [imageId, attempts]),
    ).toEqual([
      ['3', 2],
      ['4', 2],
      ['5', 2],
    ]);
  });

  it.each([
    ['URL', `image_url = 'new.jpg'`],
    ['time of change', `updated_at = now()`],
  ])('for good is tried again once its %s changes', async (_what, change) => {
    for (const name of ['1', 'new']) await writeFile(join(shop.imageRoot, `${name}.jpg`), await testPhotograph(1));
    expect((await shop.backfill()).counts).toMatchObject({ embedded: 0, skipped: 6 });
    await shop.changeCatalogue(`update product_images set ${change} where id = 1`);
    expect((await shop.backfill()).counts).toMatchObject({ embedded: 1, skipped: 5, failed: 0 });
    expect(await embeddedIds(shop)).toEqual(['1', '6']);
  });
});

describe('what may be embedded later', () => {
  let host: ImageHost;

  beforeEach(async () => {
    host = await startImageHost();
  });

  afterEach(async () => {
    await shop.close();
    await host.close();
  });

  async function startShop(images: number, env: Record<string, string> = {}): Promise<void> {
    const ids = Array.from({ length: images }, (_, index) => String(index + 1));
    const catalog = {
      keyType: 'integer',
      products: ids.map((id) => ({ id })),
      images: ids.map((id) => ({ id, productId: id, url: `${host.origin}/${id}.jpg`, isMain: true })),
    };
    shop = await startTestShop({ catalog, env: { IMAGE_ALLOWED_PRIVATE_HOSTS: host.host, ...env } });
  }

  it('is tried again within the run, as often as is allowed', async () => {
    const bytes = await testPhotograph(1);
    const away = status(503, { 'retry-after': '0' });
    host.on('/1.jpg', inTurn(away, away, photograph(bytes)));
    host.on('/2.jpg', away);
    await startShop(2, { IMAGE_MAX_ATTEMPTS: '3' });
    const run = await shop.backfill();
    expect(run.counts).toEqual({ total: 2, processed: 2, embedded: 1, skipped: 0, failed: 1 });
    const asked = (path: string) => host.requests.filter(({ url }) => url === path).length;
    expect([asked('/1.jpg'), asked('/2.jpg')]).toEqual([3, 3]);
    expect((await failuresOf(shop, run.id)).failures.nodes).toMatchObject([
      { imageId: '2', reason: 'HOST_UNREACHABLE', httpStatus: 503, attempts: 3 },
    ]);
  });

  it('is not tried again within the run where another try can not help', async () => {
    host.on('/1.jpg', status(404));
    await startShop(1, { IMAGE_MAX_ATTEMPTS: '3' });
    const { id } = await shop.backfill();
    expect(host.requests).toHaveLength(1);
    expect((await failuresOf(shop, id)).failures.nodes).toMatchObject([{ attempts: 1, nextTryAt: null }]);
  });

  it('has a next try when its host asks for, within a day', async () => {
    host.on('/1.jpg', status(503, { 'retry-after': '3600' }));
    host.on('/2.jpg', status(503, { 'retry-after': '999999' }));
    await startShop(2);
    const { nodes } = (await failuresOf(shop, (await shop.backfill()).id)).failures;
    const waits = nodes.map(({ nextTryAt, lastFailedAt }) => Date.parse(String(nextTryAt)) - Date.parse(lastFailedAt));
    // A random part of up to half a minute keeps clients from coming back in step.
    expect(waits[0]).toBeGreaterThanOrEqual(3_600_000);
    expect(waits[0]).toBeLessThanOrEqual(3_630_000);
    expect(waits[1]).toBe(24 * 3_600_000);
    expect(nodes.map(({ attempts }) => attempts)).toEqual([1, 1]);
  });

  it('is tried by the next run only once it is due', async () => {
    host.on('/1.jpg', inTurn(status(503), photograph(await testPhotograph(1))));
    await startShop(1, { IMAGE_MAX_ATTEMPTS: '1' });
    const { id } = await shop.backfill();
    expect((await shop.backfill()).counts).toMatchObject({ embedded: 0, skipped: 1 });
    expect(host.requests).toHaveLength(1);
    await shop.vectors.query('update embedding_failures set next_try_at = now()');
    expect((await shop.backfill()).counts).toMatchObject({ embedded: 1, skipped: 0, failed: 0 });
    expect((await failuresOf(shop, id)).failures.nodes).toMatchObject([
      { isMended: true, nextTryAt: null, attempts: 1 },
    ]);
  });
});
