import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Queryable } from '../../src/db/database.js';
import { makeCatalogLoaders } from '../../src/services/catalog/catalog-loaders.js';
import { loadCatalog, type Catalog } from '../../src/services/catalog/catalog.js';
import { createCatalog } from '../support/catalog-fixture.js';
import { startEmptyTestDatabase, type TestDatabase } from '../support/database.js';
import { silentLog } from '../support/silent-log.js';

let server: TestDatabase;
let catalog: Catalog;
let statements: string[];

beforeAll(async () => {
  server = await startEmptyTestDatabase();
  const counting: Queryable = {
    query: (text, values) => {
      statements.push(text);
      return server.database.query(text, values);
    },
  };
  const config = await createCatalog(server.database, {
    keyType: 'integer',
    products: [
      { id: '1', title: 'Mug' },
      { id: '2', title: 'Lamp' },
    ],
    images: [
      { id: '11', productId: '1', url: '1.jpg', position: 2 },
      { id: '12', productId: '1', url: '2.jpg', isMain: true },
    ],
  });
  statements = [];
  catalog = await loadCatalog({ database: counting, config, log: silentLog });
});

beforeEach(() => {
  statements = [];
});

afterAll(async () => {
  await server.close();
});

test('products asked for field by field are read in one statement', async () => {
  const { product } = makeCatalogLoaders(catalog);

  const titles = await Promise.all(['2', '1', '3', 'abc', '1'].map(async (id) => (await product.load(id))?.title));

  expect(titles).toEqual(['Lamp', 'Mug', undefined, undefined, 'Mug']);
  expect(statements).toHaveLength(1);
});

test('images and images of products are read in one statement each', async () => {
  const { image, imagesOfProduct } = makeCatalogLoaders(catalog);

  const [found, missing, ...lists] = await Promise.all([
    image.load('12'),
    image.load('99'),
    imagesOfProduct.load('1'),
    imagesOfProduct.load('2'),
    imagesOfProduct.load('99'),
  ]);

  expect(found).toEqual({ id: '12', productId: '1', url: '2.jpg', isMain: true, updatedAt: null });
  expect(missing).toBeNull();
  expect(lists.map((images) => images.map(({ id }) => id))).toEqual([['12', '11'], [], []]);
  expect(statements).toHaveLength(2);
});

test('what was read is not read again by the same loaders, and is by others', async () => {
  const loaders = makeCatalogLoaders(catalog);
  await loaders.product.load('1');
  await loaders.product.load('1');
  expect(statements).toHaveLength(1);

  await makeCatalogLoaders(catalog).product.load('1');
  expect(statements).toHaveLength(2);
});

test('ids that can not be keys, and none at all, cost no statement', async () => {
  const { product } = makeCatalogLoaders(catalog);

  expect(await product.load('abc')).toBeNull();
  expect(await catalog.imagesOfProducts([])).toEqual(new Map());
  expect(statements).toEqual([]);
});

test('a thousand keys go into one statement, and more into more', async () => {
  const { product } = makeCatalogLoaders(catalog);

  await product.loadMany(Array.from({ length: 1001 }, (_, index) => String(index)));

  expect(statements).toHaveLength(2);
});

test('a list of any length is found, ten thousand ids a statement', async () => {
  const found = await catalog.findProducts(Array.from({ length: 25_000 }, (_, index) => String(25_000 - index)));

  expect([...found.keys()]).toEqual(['2', '1']);
  expect(statements).toHaveLength(3);
});
