import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestCatalogs } from '../support/test-catalogs.js';

let shops: TestCatalogs;

beforeAll(async () => {
  shops = await TestCatalogs.start();
});

afterAll(async () => {
  await shops.close();
});

describe('products', () => {
  test('come with everything that the shop says about them', async () => {
    const catalog = await shops.make({
      products: [
        {
          id: '1',
          title: ' Oak chair ',
          description: 'Sits well.',
          category: 'chairs',
          brand: 'Holz',
          price: 129.9,
          currency: 'EUR',
          url: 'https://shop.example/1',
          inStock: false,
        },
      ],
    });

    expect((await catalog.findProducts(['1'])).get('1')).toEqual({
      id: '1',
      title: 'Oak chair',
      description: 'Sits well.',
      category: 'chairs',
      brand: 'Holz',
      price: 129.9,
      currency: 'EUR',
      url: 'https://shop.example/1',
      inStock: false,
    });
  });

  test('have null for what the shop leaves out or blank, and their id for a title', async () => {
    const catalog = await shops.make({ products: [{ id: '1', title: ' ', brand: '' }] });

    expect((await catalog.findProducts(['1'])).get('1')).toEqual({
      id: '1',
      title: '1',
      description: null,
      category: null,
      brand: null,
      price: null,
      currency: null,
      url: null,
      inStock: null,
    });
  });

  test.each([
    ['text', "'12.50'", 12.5],
    ['text', "'on request'", null],
    ['text', "'12,50'", null],
    ['money', '12.5', 12.5],
    ['double precision', "'NaN'", null],
    ['numeric', '1e400', null],
    ['integer', '12', 12],
  ])('with a price of type %s and value %s cost %s', async (type, value, price) => {
    const config = await shops.makeTables({});
    const products = `${config.products}_priced`;
    await shops.database.query(`create view ${products} as select 1 as id, ${value}::${type} as price`);

    const found = await (await shops.load({ ...config, products })).findProducts(['1']);

    expect(found.get('1')?.price).toBe(price);
  });

  test.each([
    ['is_in_stock', 'true', true],
    ['stock_quantity', '3', true],
    ['stock', '0', false],
    ['quantity', '-1', false],
    ['inventory', '0.5::numeric', true],
    ['available', 'null::integer', null],
  ])('with a column %s of %s are in stock: %s', async (column, value, inStock) => {
    const config = await shops.makeTables({});
    const products = `${config.products}_stocked`;
    await shops.database.query(`create view ${products} as select 1 as id, ${value} as ${column}`);

    const found = await (await shops.load({ ...config, products })).findProducts(['1']);

    expect(found.get('1')?.inStock).toBe(inStock);
  });
});

describe('an empty catalogue', () => {
  test('has nothing, and says so without an error', async () => {
    const catalog = await shops.make({});

    expect(await catalog.countImages('main')).toBe(0);
    expect(await catalog.imagePage({ scope: 'all', after: null, until: null, limit: 9 })).toEqual([]);
    expect(await catalog.chunkEnds('all', 100)).toEqual([]);
    expect(await catalog.findProducts(['1'])).toEqual(new Map());
    expect(await catalog.imagesOfProducts([])).toEqual(new Map());
  });
});
