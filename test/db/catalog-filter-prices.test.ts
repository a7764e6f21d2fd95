import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalogOf, matches } from '../support/product-filters.js';
import { TestCatalogs } from '../support/test-catalogs.js';

let shops: TestCatalogs;

beforeAll(async () => {
  shops = await TestCatalogs.start();
});

afterAll(async () => {
  await shops.close();
});

describe('a price', () => {
  test.each([
    ['numeric', ['19.9', '19.90', '19.91', 'NaN', '1e400']],
    ['text', ['19.9', ' +19.90 ', '19,9', 'NaN', '1e9999999']],
    ['varchar(20)', ['19.9', '1.99e1', 'on request', '€ 19.9', '0x13']],
    ['char(9)', ['19.9', '1990e-2', '19.9.0', '', 'Infinity']],
    ['real', ['19.9', '19.9', '19.900002', 'NaN', 'Infinity']],
    ['double precision', ['19.9', '19.90', '19.900000000000003', 'NaN', '-Infinity']],
    ['money', ['19.9', '19.90', '19.91', '1000000000', '-19.9']],
  ])('of type %s is compared as it is shown', async (type, [same = '', again = '', ...others]) => {
    const rows = [same, again, ...others].map((price, index) => `('${index}', '${price}'::${type})`);
    const catalog = await catalogOf(shops, `select * from (values ${rows.join(', ')}) as rows (id, price)`);

    expect(await matches(catalog, { price: { min: 19.9, max: 19.9 } })).toEqual(['0', '1']);
    const shown = await catalog.findProducts(['0', '1', '2', '3', '4']);
    const readable = [...shown.values()].filter(({ price }) => price !== null && price >= 0).map(({ id }) => id);
    expect(await matches(catalog, { price: { min: 0, max: null } })).toEqual(readable.sort());
  });

  test('with more digits than are shown is in the range of what is shown', async () => {
    const catalog = await catalogOf(shops, `select '1' as id, 10 / 3.0::numeric(40, 30) as price`);
    const shown = (await catalog.findProducts(['1'])).get('1')?.price ?? null;

    expect(shown).toBe(3.3333333333333335);
    expect(await matches(catalog, { price: { min: shown, max: shown } })).toEqual(['1']);
  });

  test.each([
    [9007199254740992, ['1', '2']],
    [9223372036854775808, ['3']],
    [9223372036854777856, []],
  ])('of type bigint is compared as it is shown: %d', async (min, expected) => {
    const catalog = await catalogOf(
      shops,
      `select * from (values ('1', 9007199254740992), ('2', 9007199254740993), ('3', 9223372036854775807)) as rows (id, price)`,
    );

    expect(await matches(catalog, { price: { min, max: min } })).toEqual(expected);
  });

  test('of type integer may be between two whole numbers', async () => {
    const catalog = await catalogOf(shops, `select * from (values ('1', 1), ('2', 2)) as rows (id, price)`);

    expect(await matches(catalog, { price: { min: 1.5, max: 1e300 } })).toEqual(['2']);
    expect(await matches(catalog, { price: { min: 1.2, max: 1.8 } })).toEqual([]);
  });

  test('that is the same text in every row of a view never fails to be read', async () => {
    const catalog = await catalogOf(
      shops,
      `create view shop.products as select '1' as id, 'on request'::text as price`,
    );

    expect(await matches(catalog, { price: { min: 0, max: 9 } })).toEqual([]);
  });

  test('of a text that compares without case is read all the same', async () => {
    await shops.database.query(
      `create collation if not exists ignoring_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`,
    );
    const catalog = await catalogOf(shops, `select '1' as id, '12.5'::text collate ignoring_case as price`);

    expect(await matches(catalog, { price: { min: 12.5, max: null } })).toEqual(['1']);
  });
});
