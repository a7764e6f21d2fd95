import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CatalogColumnNames } from '../../src/config.js';
import type { Catalog } from '../../src/services/catalog/catalog.js';
import { loadCatalog } from '../../src/services/catalog/catalog.js';
import type { AttributeFilter, ProductFilter } from '../../src/services/catalog/product-filter.js';
import { filterOf } from '../support/product-filters.js';
import { makeRecordedLog } from '../support/recorded-log.js';
import { TestCatalogs } from '../support/test-catalogs.js';

let shops: TestCatalogs;

beforeAll(async () => {
  shops = await TestCatalogs.start();
});

afterAll(async () => {
  await shops.close();
});

const images = 'create table shop.product_images (id integer, product_id integer, url text)';

async function configOf(columns: string, filters: CatalogColumnNames = {}) {
  return { ...(await shops.makeBy(`create table shop.products (id integer, ${columns});${images}`)), filters };
}

function attribute(name: string, parts: Partial<AttributeFilter>): Partial<ProductFilter> {
  return { attributes: [{ name, values: null, range: null, ...parts }] };
}

describe('a filter that can not be answered', () => {
  let full: Catalog;
  let bare: Catalog;

  beforeAll(async () => {
    full = await shops.load(
      await configOf(
        'category text, brand text, price money, stock integer, color text, size integer, is_new boolean, tags text[]',
        { color: 'color', size: 'size', isNew: 'is_new', tags: 'tags' },
      ),
    );
    bare = await shops.load(await configOf('title text'));
  });

  function errorOf(catalog: Catalog, parts: Partial<ProductFilter>): unknown {
    try {
      return catalog.checkFilter(filterOf(parts), 'filter');
    } catch (error) {
      return error;
    }
  }

  const many = Array.from({ length: 101 }, (_, index) => String(index));

  test.each<[string, Partial<ProductFilter>, string]>([
    [
      'filter.price.min',
      { price: { min: -0.01, max: 5 } },
      '`filter.price.min` must be a number of at least 0, and -0.01 is not one.',
    ],
    [
      'filter.price.max',
      { price: { min: null, max: NaN } },
      '`filter.price.max` must be a number of at least 0, and NaN is not one.',
    ],
    [
      'filter.price.max',
      { price: { min: null, max: Infinity } },
      '`filter.price.max` must be a number of at least 0, and Infinity is not one.',
    ],
    [
      'filter.price',
      { price: { min: 20, max: 10.5 } },
      '`filter.price` holds nothing: its `min` of 20 is above its `max` of 10.5.',
    ],
    ['filter.categories', { categories: many }, '`filter.categories` has 101 values, and at most 100 are accepted.'],
    ['filter.brands', { brands: many }, '`filter.brands` has 101 values, and at most 100 are accepted.'],
    [
      'filter.brands[1]',
      { brands: ['x'.repeat(200), 'x'.repeat(201)] },
      '`filter.brands[1]` has 201 characters, and at most 200 are accepted.',
    ],
    [
      'filter.categories[0]',
      { categories: ['a\0b'] },
      '`filter.categories[0]` must be well-formed text without NUL characters, and "a\\u0000b" is not.',
    ],
    [
      'filter.categories[0]',
      { categories: ['\ud83d'] },
      '`filter.categories[0]` must be well-formed text without NUL characters, and "\\ud83d" is not.',
    ],
    [
      'filter.attributes[0].name',
      attribute('colour', { values: ['red'] }),
      '`filter.attributes[0].name` must be an attribute of the shop\'s products that can be filtered by, and "colour" is not one. ' +
        'Those that CATALOG_FILTERS names are color, size, isNew, tags.',
    ],
    [
      'filter.attributes[0]',
      attribute('size', {}),
      '`filter.attributes[0]` asks nothing of size. Give `values`, `min` or `max`.',
    ],
    [
      'filter.attributes[0]',
      attribute('size', { range: { min: null, max: null } }),
      '`filter.attributes[0]` asks nothing of size. Give `values`, `min` or `max`.',
    ],
    [
      'filter.attributes[0].min',
      attribute('size', { range: { min: -Infinity, max: null } }),
      '`filter.attributes[0].min` must be a number, and -Infinity is not one.',
    ],
    [
      'filter.attributes[0]',
      attribute('size', { range: { min: 2, max: -2 } }),
      '`filter.attributes[0]` holds nothing: its `min` of 2 is above its `max` of -2.',
    ],
    [
      'filter.attributes[0]',
      attribute('color', { values: ['red'], range: { min: 1, max: null } }),
      '`filter.attributes[0]` has a range, and color holds no numbers: its column is of type text. Give `values`.',
    ],
    [
      'filter.attributes[0]',
      attribute('tags', { range: { min: 1, max: null } }),
      '`filter.attributes[0]` has a range, and tags holds no numbers: its column is of type text[]. Give `values`.',
    ],
    [
      'filter.attributes[0].values[1]',
      attribute('size', { values: ['7', 'NaN'] }),
      '`filter.attributes[0].values[1]` must be a number such as 42 or 12.5: ' +
        'the column of size is of type integer, and "NaN" is not one.',
    ],
    [
      'filter.attributes[0].values[0]',
      attribute('isNew', { values: ['yes'] }),
      '`filter.attributes[0].values[0]` must be "true" or "false": ' +
        'the column of isNew is of type boolean, and "yes" is not one.',
    ],
    [
      'filter.attributes[0].values',
      attribute('color', { values: many }),
      '`filter.attributes[0].values` has 101 values, and at most 100 are accepted.',
    ],
    [
      'filter.attributes',
      { attributes: many.map(() => ({ name: 'color', values: ['red'], range: null })) },
      '`filter.attributes` has 101 conditions, and at most 100 are accepted.',
    ],
  ])('names %s', (argument, parts, message) => {
    expect(errorOf(full, parts)).toMatchObject({ code: 'BAD_USER_INPUT', details: { argument }, message });
  });

  test.each<[string, Partial<ProductFilter>, string]>([
    ['filter.categories', { categories: ['chairs'] }, 'category'],
    ['filter.brands', { brands: ['Holz'] }, 'brand'],
    ['filter.price', { price: { min: 1, max: null } }, 'price'],
    ['filter.inStock', { inStock: false }, 'in_stock'],
  ])('names %s where the shop has no such column', (argument, parts, setting) => {
    expect(errorOf(bare, parts)).toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { argument },
      message:
        `\`${argument}\` can't be answered: the shop's products have no ${setting} column. ` +
        `Set CATALOG_COLUMNS=${setting}=<column>.`,
    });
  });

  test('says that no attributes are named', () => {
    expect(errorOf(bare, attribute('color', { values: ['red'] }))).toMatchObject({
      message:
        '`filter.attributes[0].name` must be an attribute of the shop\'s products that can be filtered by, and "color" is not one. ' +
        'CATALOG_FILTERS names none: set CATALOG_FILTERS=<name>=<column>.',
    });
  });

  test('names the ids that can not be keys', () => {
    expect(() => full.canonicalProductIds(['7', 'abc'], 'filter.excludeIds')).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        details: { argument: 'filter.excludeIds' },
        message:
          '`filter.excludeIds` must be a whole number: the key of this catalogue\'s products is integer, and "abc" is not one.',
      }),
    );
  });

  test('is none where nothing restricts, even without the columns', () => {
    const open = { categories: [], brands: [], price: { min: null, max: null } };

    expect(bare.checkFilter(filterOf(open), 'filter')).toBeNull();
    expect(full.checkFilter(filterOf({ ...open, ...attribute('color', { values: [] }) }), 'filter')).toBeNull();
  });

  test('loses what does not restrict, and keeps the rest', () => {
    const given = filterOf({ categories: [], brands: ['a'], ...attribute('color', { values: ['x'.repeat(200)] }) });

    expect(full.checkFilter(given, 'filter')).toEqual({ ...given, categories: null });
  });
});

describe('CATALOG_FILTERS', () => {
  async function messageOf(columns: string, filters: CatalogColumnNames): Promise<string> {
    const config = await configOf(columns, filters);
    const message = await shops.load(config).then(
      () => 'no error',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    return message.replaceAll(config.products, 'products');
  }

  test('names every column that is missing or of a type that can not be filtered by', async () => {
    expect(
      await messageOf('"Color" text, made date, sizes integer[]', {
        color: 'Color',
        hue: 'hue',
        made: 'made',
        sizes: 'sizes',
      }),
    ).toBe(
      'The catalogue is not usable.\n' +
        '  `products` has no column `hue`, which CATALOG_FILTERS names for hue. Found: id, Color, made, sizes. ' +
        'Set CATALOG_FILTERS=hue=<column>, or CATALOG_PRODUCTS to a view that has one.\n' +
        "  `products`.`made` is of type date, which made of CATALOG_FILTERS can't be answered from. " +
        'Accepted: text, an enum, uuid, a number, money, boolean, text[]. ' +
        'Set CATALOG_PRODUCTS to a view that gives it one of these types, or leave it out.\n' +
        "  `products`.`sizes` is of type integer[], which sizes of CATALOG_FILTERS can't be answered from. " +
        'Accepted: text, an enum, uuid, a number, money, boolean, text[]. ' +
        'Set CATALOG_PRODUCTS to a view that gives it one of these types, or leave it out.',
    );
  });

  test('may have any name for any column, and says in the log which it found', async () => {
    const config = await configOf('colour_name text, price numeric', { price: 'COLOUR_NAME', __proto__x: 'price' });
    const { log, entries } = makeRecordedLog();

    await loadCatalog({ database: shops.database, config, log });

    expect(entries).toEqual([
      expect.objectContaining({ msg: 'found the catalogue', filters: 'price=colour_name, __proto__x=price' }),
    ]);
  });
});
