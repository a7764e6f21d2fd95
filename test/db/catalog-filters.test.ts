import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../src/services/catalog/catalog.js';
import type { AttributeFilter, ProductFilter } from '../../src/services/catalog/product-filter.js';
import { catalogOf, filterOf, matches } from '../support/product-filters.js';
import { TestCatalogs } from '../support/test-catalogs.js';

let shops: TestCatalogs;

beforeAll(async () => {
  shops = await TestCatalogs.start();
});

afterAll(async () => {
  await shops.close();
});

describe('a filter', () => {
  let catalog: Catalog;

  beforeAll(async () => {
    catalog = await catalogOf(
      shops,
      `select * from (values
         ('1', 'chairs', 'Holz', 10, true, 'red', 40),
         ('2', 'chairs', 'Holz', 20, false, 'blue', 41),
         ('3', 'tables', 'Holz', 30, null, null, 42),
         ('4', 'tables', 'O''Neill', null, true, 'red', null),
         ('5', null, null, 19.9, true, 'r%', 42)
       ) as rows (id, category, brand, price, in_stock, colour_name, size)`,
      { color: 'colour_name', size: 'SIZE' },
    );
  });

  test.each<[string, Partial<ProductFilter>, string[]]>([
    ['a category', { categories: ['chairs'] }, ['1', '2']],
    ['any of several categories', { categories: ['tables', 'chairs', 'tables'] }, ['1', '2', '3', '4']],
    ['a category that no product has', { categories: ['Chairs', 'chair', 'chairs '] }, []],
    ['a brand', { brands: ["O'Neill"] }, ['4']],
    ['a lowest price', { price: { min: 19.9, max: null } }, ['2', '3', '5']],
    ['a highest price', { price: { min: null, max: 19.9 } }, ['1', '5']],
    ['a range of one price', { price: { min: 19.9, max: 19.9 } }, ['5']],
    ['what can be bought', { inStock: true }, ['1', '4', '5']],
    ['what can not be bought', { inStock: false }, ['2']],
    ['a value', { attributes: [attribute('color', { values: ['red', 'blue'] })] }, ['1', '2', '4']],
    ['a value with a wildcard', { attributes: [attribute('color', { values: ['r%'] })] }, ['5']],
    ['a number', { attributes: [attribute('size', { values: ['42.0', '+40'] })] }, ['1', '3', '5']],
    ['a range of numbers', { attributes: [attribute('size', { range: { min: 41, max: null } })] }, ['2', '3', '5']],
    ['a value and a range', { attributes: [attribute('size', sizes(['40', '42'], 41))] }, ['3', '5']],
    [
      'one attribute twice',
      { attributes: [attribute('size', sizes(null, 41)), attribute('size', sizes(['41'], 0))] },
      ['2'],
    ],
    [
      'all of its parts',
      { categories: ['tables', 'chairs'], brands: ['Holz'], price: { min: 0, max: 20 }, inStock: true },
      ['1'],
    ],
    ['parts that no product has together', { categories: ['tables'], inStock: false }, []],
  ])('finds %s', async (_, parts, expected) => {
    expect(await matches(catalog, parts)).toEqual(expected);
  });

  test('gives as many ids as were asked for', async () => {
    const filter = filterOf({ brands: ['Holz'] });

    expect(await catalog.matchingIds(filter, 2)).toHaveLength(2);
    expect(await catalog.matchingIds(filter, 4)).toHaveLength(3);
    expect(await catalog.matchingIds(filter, 0)).toEqual([]);
  });

  test('gives products under the ids that were asked for', async () => {
    const found = await catalog.findProducts(['9', '3', '1', '4'], filterOf({ brands: ['Holz'] }));

    expect([...found.keys()]).toEqual(['3', '1']);
  });

  test('of null gives all', async () => {
    expect([...(await catalog.findProducts(['2', '1'], null)).keys()]).toEqual(['2', '1']);
  });
});

function attribute(name: string, parts: Partial<AttributeFilter>): AttributeFilter {
  return { name, values: null, range: null, ...parts };
}

function sizes(values: string[] | null, min: number): Partial<AttributeFilter> {
  return { values, range: { min, max: null } };
}

describe('keys', () => {
  const uuid = '5f0c8d5e-0000-4000-8000-00000000000a';

  test.each([
    ['integer', '7', '007'],
    ['uuid', uuid, uuid.toUpperCase()],
    ['text', "{O'Neill}", "{O'Neill}"],
  ])('of type %s come back as the database writes them', async (keyType, id, asked) => {
    const catalog = await shops.make({ keyType, products: [{ id, category: 'chairs' }] });
    const filter = filterOf({ categories: ['chairs'] });

    expect(await catalog.matchingIds(filter, 9)).toEqual([id]);
    expect([...(await catalog.findProducts([asked], filter)).keys()]).toEqual([asked]);
    expect(catalog.canonicalProductIds([asked, id], 'ids')).toEqual([id]);
  });

  test('that are null are no products', async () => {
    const catalog = await catalogOf(shops, `select * from (values (null, 'a'), ('1', 'a')) as rows (id, category)`);

    expect(await matches(catalog, { categories: ['a'] })).toEqual(['1']);
  });
});

describe('stock', () => {
  test('as a count is in stock above 0, and null is neither', async () => {
    const catalog = await catalogOf(
      shops,
      `select * from (values ('1', 3), ('2', 0), ('3', -1), ('4', null)) as rows (id, stock_quantity)`,
    );

    expect(await matches(catalog, { inStock: true })).toEqual(['1']);
    expect(await matches(catalog, { inStock: false })).toEqual(['2', '3']);
  });
});

describe('an attribute', () => {
  test.each([
    ['text', ["'red'", "'Red'", 'null'], ['red'], ['0']],
    ['varchar(9)', ["'red'", "'red '", 'null'], ['red'], ['0']],
    ['char(9)', ["'red'", "'reds'", 'null'], ['red'], ['0']],
    ['text[]', [`'{red,"a,b"}'`, "'{reds}'", "'{null}'"], ['a,b', 'x'], ['0']],
    ['varchar(9)[]', ["'{red}'", "'{}'", 'null'], ['red'], ['0']],
    [
      'uuid',
      ["'5f0c8d5e-0000-4000-8000-00000000000a'", 'null', 'null'],
      ['5F0C8D5E-0000-4000-8000-00000000000A', 'a'],
      ['0'],
    ],
    ['boolean', ['true', 'false', 'null'], ['false'], ['1']],
    ['smallint', ['7', '8', 'null'], ['7.00', '1.5', '99999999999'], ['0']],
    ['numeric(9, 3)', ['1.5', '1.501', 'null'], ['1.5', '+0'], ['0']],
    ['real', ['0.1', '0.2', 'null'], ['0.1'], ['0']],
    ['double precision', ['0.1', "'NaN'", 'null'], ['0.1'], ['0']],
    ['money', ['12.5', '12', 'null'], ['12.50'], ['0']],
  ])('of type %s has a value', async (type, values, asked, expected) => {
    const rows = values.map((value, index) => `('${index}', ${value}::${type})`).join(', ');
    const catalog = await catalogOf(shops, `select * from (values ${rows}) as rows (id, given)`, { given: 'given' });

    expect(await matches(catalog, { attributes: [attribute('given', { values: asked })] })).toEqual(expected);
  });

  test('that is an enum has one of its words, and no other is an error', async () => {
    const catalog = await catalogOf(
      shops,
      `create type shop.size as enum ('S', 'M');
       create table shop.products (id text, size shop.size, category shop.size);
       insert into shop.products values ('1', 'S', 'M'), ('2', 'M', 'S'), ('3', null, null)`,
      { size: 'size' },
    );

    expect(await matches(catalog, { attributes: [attribute('size', { values: ['S', 'XXL'] })] })).toEqual(['1']);
    expect(await matches(catalog, { categories: ['S'] })).toEqual(['2']);
  });

  test('of a domain is compared as what it is made of', async () => {
    const catalog = await catalogOf(
      shops,
      `create domain shop.tags as text[] check (value <> '{}');
       create table shop.products (id text, tags shop.tags);
       insert into shop.products values ('1', '{new}'), ('2', '{old}')`,
      { tags: 'tags' },
    );

    expect(await matches(catalog, { attributes: [attribute('tags', { values: ['new'] })] })).toEqual(['1']);
  });
});
