import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numberedCatalog } from '../support/catalog-fixture.js';
import { allPages, idsOf, refusalOf, searchPage } from '../support/search-operations.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';

const PRODUCTS = 40;

const catalog = numberedCatalog(PRODUCTS);
const products = catalog.products.map((product, index) => ({
  ...product,
  category: index % 4 === 0 ? 'mugs' : 'lamps',
  brand: ['Alba', "O'Neill", 'Čapek'][index % 3] ?? '',
  inStock: index % 5 !== 0,
}));

let shop: TestShop;

beforeAll(async () => {
  shop = await startTestShop({ catalog: { ...catalog, products }, env: { CATALOG_FILTERS: 'maker=brand,cost=price' } });
  await shop.backfill();
});
afterAll(() => shop.close());

/** The ids of all that are found, in numeric order. */
async function found(filter: Record<string, unknown>, limit = 100): Promise<number[]> {
  const page = await searchPage(shop, 'similarProducts', { image: await testPhotograph(3), filter, limit });
  return idsOf(page)
    .map(Number)
    .sort((a, b) => a - b);
}

function numbersOf(isWanted: (product: (typeof products)[number]) => boolean): number[] {
  return products.filter(isWanted).map(({ id }) => Number(id));
}

describe('a filter', () => {
  it('has any of a list, and all of its parts', async () => {
    expect(await found({ categories: ['mugs'] })).toEqual(numbersOf(({ category }) => category === 'mugs'));
    expect(await found({ brands: ['Alba', "O'Neill"] })).toEqual(numbersOf(({ brand }) => brand !== 'Čapek'));
    expect(await found({ categories: ['mugs'], inStock: true, price: { min: 10, max: 30 } })).toEqual(
      numbersOf(({ category, inStock, price = 0 }) => category === 'mugs' && inStock && price >= 10 && price <= 30),
    );
  });

  it('knows the columns that CATALOG_FILTERS names', async () => {
    const attributes = [
      { name: 'maker', values: ['Čapek'] },
      { name: 'cost', min: 20 },
    ];
    expect(await found({ attributes })).toEqual(numbersOf(({ brand, price = 0 }) => brand === 'Čapek' && price >= 20));
  });

  it('leaves out the products that it is told to', async () => {
    expect(await found({ excludeIds: ['3', '4', '012'] })).toEqual(
      numbersOf(({ id }) => !['3', '4', '12'].includes(id)),
    );
  });

  it('leaves the page full whenever there are enough, on every page', async () => {
    const filter = { categories: ['lamps'] };
    const whole = numbersOf(({ category }) => category === 'lamps');
    expect(await found(filter, 7)).toHaveLength(7);
    const pages = await allPages(shop, 'similarProducts', { image: await testPhotograph(3), filter, limit: 7 });
    expect(pages.map(({ edges }) => edges.length)).toEqual([7, 7, 7, 7, 2]);
    expect(
      idsOf(...pages)
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(whole);
  });

  it('finds nothing, and no fault, for a category that there is not', async () => {
    const page = await searchPage(shop, 'similarToProduct', { id: '5', filter: { categories: ['boats'] } });
    expect(page).toMatchObject({ status: 'OK', edges: [], pageInfo: { hasNextPage: false } });
  });

  it('restricts nothing where it is empty', async () => {
    expect(await found({})).toHaveLength(PRODUCTS);
    expect(await found({ categories: [], brands: [], attributes: [], price: {}, excludeIds: [] })).toHaveLength(
      PRODUCTS,
    );
  });

  it('follows the catalogue at once', async () => {
    const inStock = await found({ inStock: true });
    const [sold = 0] = inStock;
    await shop.changeCatalogue('update products set in_stock = false where id = $1', [sold]);
    expect(await found({ inStock: true })).toEqual(inStock.filter((id) => id !== sold));
    await shop.changeCatalogue('update products set in_stock = true where id = $1', [sold]);
    expect(await found({ inStock: true })).toEqual(inStock);
  });

  it('narrows a search by product, a nested one and one by words too', async () => {
    const filter = { categories: ['mugs'] };
    const mugs = numbersOf(({ category }) => category === 'mugs').map(String);
    expect(idsOf(await searchPage(shop, 'similarToProduct', { id: '2', filter, limit: 100 })).sort()).toEqual(
      mugs.sort(),
    );
    const input = { text: 'red', filter };
    expect(idsOf(await searchPage(shop, 'searchProducts', { input, limit: 100 })).sort()).toEqual(mugs);
    const nested = `{ product(id: "2") { similarProducts(limit: 3, filter: { categories: ["mugs"] }) { nodes { category } } } }`;
    expect((await shop.query(nested)).data).toEqual({
      product: { similarProducts: { nodes: [{ category: 'mugs' }, { category: 'mugs' }, { category: 'mugs' }] } },
    });
  });
});

describe('what is no filter', () => {
  it.each([
    [{ price: { min: -1 } }, 'filter.price.min'],
    [{ price: { min: 30, max: 10 } }, 'filter.price'],
    [{ attributes: [{ name: 'smell', values: ['rose'] }] }, 'filter.attributes[0].name'],
    [{ excludeIds: ['one'] }, 'filter.excludeIds'],
    [{ excludeIds: Array.from({ length: 1001 }, (_, index) => String(index)) }, 'filter.excludeIds'],
    [{ categories: Array.from({ length: 101 }, (_, index) => `c${index}`) }, 'filter.categories'],
  ])('is refused: %#', async (filter, argument) => {
    const [code, message, named] = await refusalOf(shop, 'similarToProduct', { id: '2', filter });
    expect(code).toBe('BAD_USER_INPUT');
    expect(named).toBe(argument);
    expect(message).toContain(`\`${argument}`);
  });

  it.each([
    ['minSimilarity', { minSimilarity: 1.01 }, '`minSimilarity` must be from -1 to 1, and 1.01 is not.'],
    ['limit', { limit: 0 }, '`limit` must be from 1 to 100, and 0 is not.'],
    ['limit', { limit: 101 }, '`limit` must be from 1 to 100, and 101 is not.'],
  ])('nor is a %s out of bounds accepted', async (argument, variables, message) => {
    const refusal = ['BAD_USER_INPUT', message, argument];
    expect(await refusalOf(shop, 'similarToProduct', { id: '2', ...variables })).toEqual(refusal);
  });
});
