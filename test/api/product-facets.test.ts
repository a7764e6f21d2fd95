import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numberedCatalog } from '../support/catalog-fixture.js';
import { startTestShop, type Answer, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

const PRODUCTS = 120;

const FIELDS = '{ categories { value count } brands { value count } price { min max currency } hasStock }';
const FACETS = `{ productFacets ${FIELDS} }`;
const FIRST_FACETS = `query ($first: Int!) { productFacets(first: $first) ${FIELDS} }`;

const catalog = numberedCatalog(PRODUCTS);
const products = catalog.products.map((product, index) => ({
  ...product,
  category: index % 3 === 0 ? 'mugs' : 'lamps',
  brand: `Brand ${String(index % 60).padStart(2, '0')}`,
  currency: 'EUR',
}));

let shop: TestShop;

beforeAll(async () => {
  shop = await startTestShop({ catalog: { ...catalog, products } });
});

afterAll(() => shop.close());

interface Facets {
  categories: unknown[];
  brands: { value: string; count: number }[];
  price: { min: number; max: number; currency: string | null } | null;
  hasStock: boolean;
}

async function facets(first?: number): Promise<Facets> {
  const answer = first === undefined ? shop.query(FACETS) : shop.query(FIRST_FACETS, { first });
  return (await answer).data?.productFacets as Facets;
}

function refusalOf({ errors }: Answer): unknown {
  return errors?.map(({ message, extensions }) => [message, extensions]);
}

describe('what products can be filtered by', () => {
  it('is told to anybody: 50 values of each unless another number is asked for', async () => {
    const { categories, brands, price, hasStock } = await facets();
    expect(hasStock).toBe(true);
    expect(categories).toEqual([
      { value: 'lamps', count: 80 },
      { value: 'mugs', count: 40 },
    ]);
    expect(brands).toHaveLength(50);
    expect(brands.slice(0, 2)).toEqual([
      { value: 'Brand 00', count: 2 },
      { value: 'Brand 01', count: 2 },
    ]);
    expect(price).toEqual({ min: 1, max: PRODUCTS, currency: 'EUR' });
    expect((await facets(1)).categories).toEqual([{ value: 'lamps', count: 80 }]);
    expect((await facets(200)).brands).toHaveLength(60);
  });

  it.each([0, -1, 201, 2 ** 31 - 1])('is not told for a number of values out of bounds: %d', async (first) => {
    expect(refusalOf(await shop.query(FIRST_FACETS, { first }))).toEqual([
      [`\`first\` must be from 1 to 200, and ${first} is not.`, { code: 'BAD_USER_INPUT', argument: 'first' }],
    ]);
  });

  it.each(['ten', 1.5, null])('is not told for what is no number of values: %s', async (first) => {
    expect(await shop.query(FIRST_FACETS, { first })).toMatchObject({
      status: 200,
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });

  it('follows the catalogue', async () => {
    await shop.changeCatalogue("update products set category = 'vases', price = 500 where id = 1");
    const changed = await until('the change shows', async () => {
      const now = await facets(3);
      return now.categories.length === 3 ? now : null;
    });
    expect(changed).toMatchObject({ categories: [{}, {}, { value: 'vases', count: 1 }], price: { max: 500 } });
  });

  it('is refused in a sentence where the catalogue has lost the column, and told again when it is back', async () => {
    await shop.changeCatalogue('alter table products rename column brand to maker');
    const refusal = await until('the loss shows', async () => {
      const answer = await shop.query(FACETS);
      return answer.errors === undefined ? null : answer;
    });
    expect(refusalOf(refusal)).toEqual([
      [
        'The catalogue no longer has a table or column that it had when Lookalike started. ' +
          'Restart Lookalike to read its tables anew.',
        { code: 'SERVICE_UNAVAILABLE' },
      ],
    ]);
    await shop.changeCatalogue('alter table products rename column maker to brand');
    expect((await facets()).brands).toHaveLength(50);
  });
});
