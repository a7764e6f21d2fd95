import { expect } from 'vitest';
import type { CatalogColumnNames } from '../../src/config.js';
import type { Catalog } from '../../src/services/catalog/catalog.js';
import type { ProductFilter } from '../../src/services/catalog/product-filter.js';
import type { TestCatalogs } from './test-catalogs.js';

/** A filter with these parts, the others open. */
export function filterOf(parts: Partial<ProductFilter>): ProductFilter {
  return { categories: null, brands: null, price: null, inStock: null, attributes: [], ...parts };
}

/** A catalogue without images over `select ... as id, ...`, or over statements that create `shop.products`. */
export async function catalogOf(
  shops: TestCatalogs,
  products: string,
  filters: CatalogColumnNames = {},
): Promise<Catalog> {
  const table = products.startsWith('create') ? products : `create table shop.products as ${products}`;
  const images = 'create table shop.product_images (id text, product_id text, url text)';
  return shops.load({ ...(await shops.makeBy(`${table};${images}`)), filters });
}

/** Ids that match, of products with ids from 0 to 19, sorted. Both ways to ask have to agree. */
export async function matches(catalog: Catalog, parts: Partial<ProductFilter>): Promise<string[]> {
  const filter = catalog.checkFilter(filterOf(parts), 'filter');
  if (filter === null) throw new Error('This filter restricts nothing.');
  const ids = await catalog.matchingIds(filter, 1000);
  const everything = Array.from({ length: 20 }, (_, index) => String(index));
  expect([...(await catalog.findProducts(everything, filter)).keys()].sort()).toEqual([...ids].sort());
  return ids.sort();
}
