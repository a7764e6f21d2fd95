import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CatalogFacets } from '../../src/services/catalog/catalog-facets.js';
import type { Catalog } from '../../src/services/catalog/catalog.js';
import { catalogOf, matches } from '../support/product-filters.js';
import { TestCatalogs } from '../support/test-catalogs.js';

let shops: TestCatalogs;

beforeAll(async () => {
  shops = await TestCatalogs.start();
  await shops.database.query(
    `create collation if not exists ignoring_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`,
  );
  await shops.database.query(`create collation if not exists by_language (provider = icu, locale = 'und')`);
});

afterAll(async () => {
  await shops.close();
});

/** What a catalogue of these rows has to filter by: `('1', 'chairs')` with the columns `id, category`. */
async function facetsOf(columns: string, rows: readonly string[], limit = 200): Promise<CatalogFacets> {
  const catalog = await catalogOf(shops, `select * from (values ${rows.join(', ')}) as rows (${columns})`);
  return catalog.facets(limit);
}

describe('the values of a column', () => {
  const rows = [
    `('1', 'tables', 'Holz')`,
    `('2', 'chairs', null)`,
    `('3', 'chairs', '')`,
    `('4', 'Éclairs', 'Čapek')`,
    `('5', 'lamps', ' ')`,
    `('6', 'Lamps', 'Holz')`,
    `('7', null, E' \\t\\n')`,
    `('8', 'chairs', 'O''Neill')`,
    `('9', 'tables', 'Holz')`,
  ];

  test('are counted, the most frequent first and then by their bytes, without those that are blank', async () => {
    const inAnyWriting = `('10', E'\\u00a0', E'\\u3000\\n')`;
    expect(await facetsOf('id, category, brand', [...rows, inAnyWriting])).toEqual({
      categories: [
        { value: 'chairs', count: 3 },
        { value: 'tables', count: 2 },
        { value: 'Lamps', count: 1 },
        { value: 'lamps', count: 1 },
        { value: 'Éclairs', count: 1 },
      ],
      brands: [
        { value: 'Holz', count: 3 },
        { value: "O'Neill", count: 1 },
        { value: 'Čapek', count: 1 },
      ],
      price: null,
      hasStock: false,
    });
  });

  test('are no more than are asked for, of each column', async () => {
    const { categories, brands } = await facetsOf('id, category, brand', rows, 2);
    expect(categories.map(({ value }) => value)).toEqual(['chairs', 'tables']);
    expect(brands.map(({ value }) => value)).toEqual(['Holz', "O'Neill"]);
  });

  test('are in the order of their bytes, whatever the collation of the column', async () => {
    const words = ['lamps', 'Éclairs', 'Lamps', 'chairs'].map(
      (word, index) => `('${index}', '${word}' collate by_language)`,
    );
    const { categories } = await facetsOf('id, category', words);
    expect(categories.map(({ value }) => value)).toEqual(['Lamps', 'chairs', 'lamps', 'Éclairs']);
  });

  test('are none where the catalogue has no such column, or no product', async () => {
    expect(await facetsOf('id, title', [`('1', 'Chair')`])).toEqual({
      categories: [],
      brands: [],
      price: null,
      hasStock: false,
    });
    const empty = await shops.make({});
    expect(await empty.facets(200)).toEqual({ categories: [], brands: [], price: null, hasStock: true });
  });

  test('are those of products: a row without an id is none', async () => {
    expect(await facetsOf('id, category, price', [`(null, 'ghosts', 1)`, `('1', 'chairs', 2)`])).toMatchObject({
      categories: [{ value: 'chairs', count: 1 }],
      price: { min: 2, max: 2 },
    });
  });

  test('are left out where they are too long to filter by', async () => {
    const rowsOfLengths = [200, 201].map((length) => `('${length}', '${'😀'.repeat(length)}')`);
    const { categories } = await facetsOf('id, category', rowsOfLengths);
    expect(categories).toEqual([{ value: '😀'.repeat(200), count: 1 }]);
  });

  test.each([
    ['text', ['chairs', 'chairs ', ' chairs', 'Chairs', 'chairs']],
    ['varchar(20)', ['50% off', '{a,b}', '\\', 'a"b', '50% off']],
    ['char(9)', ['chairs', 'chairs ', 'Chairs', 'tables', 'tables  ']],
    ['text collate ignoring_case', ['chairs', 'Chairs', 'CHAIRS', 'tables', 'lamps']],
    ['shop.kind', ['chairs', 'tables', 'chairs', 'lamps', 'lamps']],
    ['integer', ['7', '7', '12', '-1', '0']],
    ['numeric', ['7', '7.0', '12.50', '12.5', '0.1']],
    ['double precision', ['7', '7.0', '1e21', '0', '-0']],
    ['money', ['7', '7.00', '1234.5', '0', '12']],
    ['uuid', ['5F0C8D5E-0000-4000-8000-000000000001', '5f0c8d5e-0000-4000-8000-000000000001', ...uuids(3)]],
  ])('of type %s find as many products as they are said to', async (type, words) => {
    const rowsOfType = words.map((word, index) => `('${index}', '${word}'::${type})`).join(', ');
    const catalog = await catalogOf(
      shops,
      `create type shop.kind as enum ('chairs', 'tables', 'lamps');
       create table shop.products as select * from (values ${rowsOfType}) as rows (id, category)`,
    );

    expect(await found(catalog)).toBe(words.length);
  });

  test('find as many products as they are said to, whatever they are', async () => {
    const config = await shops.makeBy(
      `create table shop.products (id integer, category text);
       create table shop.product_images (id integer, product_id integer, url text)`,
    );
    const catalog = await shops.load(config);
    const word = fc.oneof(
      fc.constantFrom('chairs', 'Chairs', 'chairs ', ' chairs', "O'Neill", '{a,b}', '50% off', '\\', 'é', 'e\u0301'),
      fc.string({ unit: 'grapheme', maxLength: 3 }).filter((text) => !text.includes('\0')),
    );

    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(word), { minLength: 1, maxLength: 20 }), async (words) => {
        await shops.database.query(`delete from ${config.products}`);
        await shops.database.query(
          `insert into ${config.products} select place - 1, word from unnest($1::text[]) with ordinality as given (word, place)`,
          [words],
        );
        expect(await found(catalog)).toBe(words.filter((one) => (one ?? '').trim() !== '').length);
      }),
      { numRuns: 60 },
    );
  });
});

function uuids(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `5f0c8d5e-0000-4000-8000-00000000001${index}`);
}

/** How many products the categories of a catalogue find; each as many as it is said to. */
async function found(catalog: Catalog): Promise<number> {
  let products = 0;
  for (const { value, count } of (await catalog.facets(200)).categories) {
    expect([value, (await matches(catalog, { categories: [value] })).length]).toEqual([value, count]);
    products += count;
  }
  return products;
}
