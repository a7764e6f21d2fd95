import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PriceRange } from '../../src/services/catalog/catalog-facets.js';
import { catalogOf, matches } from '../support/product-filters.js';
import { TestCatalogs } from '../support/test-catalogs.js';

let shops: TestCatalogs;

beforeAll(async () => {
  shops = await TestCatalogs.start();
});

afterAll(async () => {
  await shops.close();
});

/** The prices of a catalogue of these rows: `('1', 19.9)` with the columns `id, price`. */
async function pricesOf(columns: string, rows: readonly string[]): Promise<PriceRange | null> {
  const catalog = await catalogOf(shops, `select * from (values ${rows.join(', ')}) as rows (${columns})`);
  return (await catalog.facets(1)).price;
}

describe('the prices of a catalogue', () => {
  test.each([
    ['integer', ['7', '100', '42'], 7, 100],
    ['bigint', ['9007199254740993', '9223372036854775807'], 9007199254740992, 9223372036854775807],
    ['numeric', ['19.9', '100.00', 'NaN', '1e400', '-5'], 19.9, 100],
    ['numeric(40, 30)', ['3.333333333333333333333333333333'], 3.3333333333333335, 3.3333333333333335],
    ['text', ['19.9', ' +100.0 ', '19,9', 'NaN', '1e9999999', 'on request', ''], 19.9, 100],
    ['varchar(20)', ['1.99e1', '100', '€ 5', '0x13'], 19.9, 100],
    ['char(9)', ['1990e-2', '100', '19.9.0', '', 'Infinity'], 19.9, 100],
    ['real', ['19.9', '1e10', 'NaN', 'Infinity'], 19.9, 1e10],
    ['double precision', ['19.9', '1e300', 'NaN', '-Infinity', '-1e-300'], 19.9, 1e300],
    ['money', ['19.9', '1000000', '-19.9'], 19.9, 1000000],
  ])('of type %s go from the lowest to the highest that is shown', async (type, prices, min, max) => {
    const rows = prices.map((price, index) => `('${index}', '${price}'::${type})`).join(', ');
    const catalog = await catalogOf(shops, `select * from (values ${rows}) as rows (id, price)`);

    expect((await catalog.facets(1)).price).toEqual({ min, max, currency: null });
    expect(await matches(catalog, { price: { min, max } })).toEqual(
      await matches(catalog, { price: { min: 0, max: null } }),
    );
  });

  test.each(['on request', '', '-1', 'NaN'])('are none where there is only "%s"', async (price) => {
    expect(await pricesOf('id, price', [`('1', '${price}'::text)`, `('2', null)`])).toBeNull();
  });

  test('are none where the same text stands in every row of a view', async () => {
    const catalog = await catalogOf(
      shops,
      `create view shop.products as select '1' as id, 'on request'::text as price`,
    );
    expect((await catalog.facets(1)).price).toBeNull();
  });

  test.each([
    ['the one that all are in', ['EUR', ' EUR '], 'EUR'],
    ['none where there are two', ['EUR', 'CHF'], null],
    ['none where a price has none', ['EUR', null], null],
    ['none where a price has a blank one', ['EUR', ' \t'], null],
    ['none where all are blank', ['\t', ' \t'], null],
  ])('have a currency: %s', async (_what, currencies, currency) => {
    const rows = currencies.map((one, index) => `('${index}', 5, ${one === null ? 'null' : `'${one}'`})`);
    expect(await pricesOf('id, price, currency', rows)).toEqual({ min: 5, max: 5, currency });
  });

  test('have a currency whatever is said of products without a price', async () => {
    const rows = [`('1', 5, 'EUR')`, `('2', null, 'CHF')`, `('3', null, null)`];
    expect(await pricesOf('id, price, currency', rows)).toEqual({ min: 5, max: 5, currency: 'EUR' });
  });
});

test('facets of a column that has gone away since are refused', async () => {
  const config = await shops.makeTables({});
  const catalog = await shops.load(config);
  await shops.database.query(`alter table ${config.products} drop column price`);

  await expect(catalog.facets(1)).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    message:
      'The catalogue no longer has a table or column that it had when Lookalike started. ' +
      'Restart Lookalike to read its tables anew.',
  });
});
