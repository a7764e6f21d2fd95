import { copyFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestShop, type TestShop } from '../support/test-shop.js';

const RUN = `query ($id: ID!) { embeddingBackfill(id: $id) { id failures { nodes { imageId } edges { cursor } } } }`;

let shop: TestShop;

beforeAll(async () => {
  shop = await startTestShop({ products: 3 });
});

afterAll(() => shop.close());

describe('an id or a cursor that can not be', () => {
  it.each(['', 'none', '\u0000', '00000000-0000-0000-0000-00000000000', "'; drop table x; --"])(
    'names no backfill: %j',
    async (id) => {
      expect(await shop.asAdmin(RUN, { id })).toEqual({ status: 200, data: { embeddingBackfill: null } });
    },
  );

  it.each([['["\\u0000"]'], ['["1"]'], ['[1]'], ['{}'], ['["a","b"]']])(
    'is no cursor of the list of backfills: %s',
    async (json) => {
      const after = Buffer.from(json).toString('base64url');
      const { errors } = await shop.asAdmin(
        'query ($after: String) { embeddingBackfills(after: $after) { nodes { id } } }',
        {
          after,
        },
      );
      expect(errors).toMatchObject([{ extensions: { code: 'INVALID_CURSOR' } }]);
    },
  );
});

describe('a failure', () => {
  it('is forgotten once its image is as it was when it was embedded', async () => {
    await shop.backfill();
    await shop.changeCatalogue(`update product_images set image_url = 'gone.jpg' where id = 1`);
    const failed = await shop.backfill();
    expect(failed.counts).toMatchObject({ failed: 1 });
    await shop.changeCatalogue(`update product_images set image_url = '1.jpg' where id = 1`);
    expect((await shop.backfill()).counts).toMatchObject({ embedded: 0, skipped: 3, failed: 0 });
    expect(await shop.vectors.query('select image_id from embedding_failures')).toEqual([]);
  });

  it('leaves the earlier embedding of a changed image in place', async () => {
    await rename(join(shop.imageRoot, '2.jpg'), join(shop.imageRoot, 'away.jpg'));
    await shop.backfill({ scope: 'ALL' });
    await copyFile(join(shop.imageRoot, 'away.jpg'), join(shop.imageRoot, '2.jpg'));
    const rows = await shop.vectors.query(`select image_id from image_embeddings where image_id = '2'`);
    expect(rows).toHaveLength(1);
  });
});
