import { afterAll, beforeAll, expect, test } from 'vitest';
import { mapCatalog } from '../../src/services/catalog/catalog-columns.js';
import { CatalogStatements } from '../../src/services/catalog/catalog-statements.js';
import type { ProductFilter } from '../../src/services/catalog/product-filter.js';
import { filterOf } from '../support/product-filters.js';
import { TestCatalogs } from '../support/test-catalogs.js';

let shops: TestCatalogs;

beforeAll(async () => {
  shops = await TestCatalogs.start();
});

afterAll(async () => {
  await shops.close();
});

const price: Partial<ProductFilter> = { price: { min: 1, max: null } };
const words = (name: string): Partial<ProductFilter> => ({ attributes: [{ name, values: ['7'], range: null }] });

test.each<[string, string, Partial<ProductFilter>]>([
  ['category', 'category text', { categories: ['chairs'] }],
  ['category', 'category varchar(40)', { categories: ['chairs'] }],
  ['category', 'category char(5)', { categories: ['chairs'] }],
  ['category', 'category integer', { categories: ['7'] }],
  ['price', 'price numeric(9, 2)', price],
  ['price', 'price integer', price],
  ['price', 'price double precision', price],
  ['stock', 'stock integer', { inStock: false }],
  ['given', 'given smallint', words('given')],
  ['given', 'given uuid', words('given')],
  ['given', 'given numeric', words('given')],
  ['given', 'given text[]', words('given')],
  ['given', 'given varchar(9)[]', words('given')],
])("the shop's index on %s serves a filter: %s", async (name, definition, parts) => {
  const config = await shops.makeBy(
    `create table shop.products (id integer, ${definition});
     create index on shop.products using ${definition.endsWith('[]') ? 'gin' : 'btree'} (${name});
     create table shop.product_images (id integer, product_id integer, url text)`,
  );
  const filters: Record<string, string> = name === 'given' ? { given: 'given' } : {};
  const statements = new CatalogStatements(await mapCatalog(shops.database, { ...config, filters }));
  const { text, values } = statements.matchingIds(filterOf(parts), 100);

  const plan = await shops.database.transaction(async (tx) => {
    await tx.query('set local enable_seqscan = off');
    return tx.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
  });

  expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toContain('Index Cond');
});
