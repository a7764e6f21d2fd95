import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';

const UNAVAILABLE = { extensions: { code: 'SERVICE_UNAVAILABLE' } };

let shop: TestShop;

beforeAll(async () => {
  shop = await startTestShop({ products: 3 });
  await shop.backfill();
  await shop.loseVectors();
});

afterAll(() => shop.close());

describe('a server whose vector database goes away', () => {
  it.each([
    ['a search by product', '{ similarToProduct(id: "1") { status } }'],
    ['the status', '{ embeddingStatus { sequence } }'],
    ['the start of a backfill', 'mutation { startEmbeddingBackfill { backfill { id } } }'],
  ])('refuses %s with a code that says to try again', async (_what, query) => {
    const { errors } = await shop.asAdmin(query);
    expect(errors).toMatchObject([UNAVAILABLE]);
    expect(errors?.[0]?.message).toMatch(/^The vector database/);
  });

  it('refuses a search by photograph likewise', async () => {
    const query = 'query ($image: Upload) { similarProducts(image: $image) { status } }';
    expect((await shop.upload(await testPhotograph(1), query)).errors).toMatchObject([UNAVAILABLE]);
  });

  it('still answers what needs the catalogue alone', async () => {
    const { data } = await shop.query('{ product(id: "2") { title mainImage { url } } }');
    expect(data).toEqual({ product: { title: 'Product 2', mainImage: { url: '/images/2.jpg' } } });
  });
});
