import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mapCatalog, type CatalogMapping } from '../../src/services/catalog/catalog-columns.js';
import { createCatalog } from '../support/catalog-fixture.js';
import { TestCatalogs } from '../support/test-catalogs.js';

let catalogs: TestCatalogs;

beforeAll(async () => {
  catalogs = await TestCatalogs.start();
});

afterAll(async () => {
  await catalogs.close();
});

const plainProducts = 'create table shop.products (id integer primary key)';
const plainImages = 'create table shop.product_images (id integer primary key, product_id integer, image_url text)';

/** Names of the columns that were found, by concept. */
function columnNames(relation: CatalogMapping['products'] | CatalogMapping['images']): Record<string, string> {
  const entries = Object.entries(relation.columns).flatMap(([concept, column]) =>
    column === null ? [] : [[concept, column.name] as const],
  );
  return Object.fromEntries(entries);
}

describe('finding columns', () => {
  test('takes the usual names', async () => {
    const config = await createCatalog(catalogs.database, {
      keyType: 'bigint',
      products: [],
      images: [],
      schema: 'usual',
    });

    const mapping = await mapCatalog(catalogs.database, config);

    expect(columnNames(mapping.products)).toEqual({
      id: 'id',
      title: 'title',
      description: 'description',
      category: 'category',
      brand: 'brand',
      price: 'price',
      currency: 'currency',
      url: 'url',
      inStock: 'in_stock',
    });
    expect(columnNames(mapping.images)).toEqual({
      id: 'id',
      productId: 'product_id',
      url: 'image_url',
      isMain: 'is_main_image',
      position: 'position',
      updatedAt: 'updated_at',
    });
  });

  test('takes what is required alone', async () => {
    const mapping = await mapCatalog(catalogs.database, await catalogs.makeBy(`${plainProducts};${plainImages}`));

    expect(columnNames(mapping.products)).toEqual({ id: 'id' });
    expect(columnNames(mapping.images)).toEqual({ id: 'id', productId: 'product_id', url: 'image_url' });
  });

  test('takes the likeliest of several usual names', async () => {
    const config = await catalogs.makeBy(
      `create table shop.products (id integer, name text, title text, manufacturer text, vendor text);
       create table shop.product_images (id integer, product_id integer, url text, image_url text)`,
    );

    const mapping = await mapCatalog(catalogs.database, config);

    expect(columnNames(mapping.products)).toEqual({ id: 'id', title: 'title', brand: 'vendor' });
    expect(columnNames(mapping.images).url).toBe('image_url');
  });

  test('knows a usual name in camel case', async () => {
    const config = await catalogs.makeBy(
      `create table shop.products (id integer, "productType" text, "inStock" boolean);
       create table shop.product_images (id integer, "productId" integer, "imageUrl" text, "isMain" boolean)`,
    );

    const mapping = await mapCatalog(catalogs.database, config);

    expect(columnNames(mapping.products)).toEqual({ id: 'id', category: 'productType', inStock: 'inStock' });
    expect(columnNames(mapping.images)).toEqual({
      id: 'id',
      productId: 'productId',
      url: 'imageUrl',
      isMain: 'isMain',
    });
  });

  test('takes the configured names before the usual ones, spelt exactly or in another case', async () => {
    const config = await catalogs.makeBy(
      `create table shop.products (sku text, id integer, title text, "Artikel" text);
       create table shop.product_images (nr integer, id integer, sku text, src text, url text)`,
      { id: 'SKU', title: 'Artikel', image_id: 'nr', image_product_id: 'sku', image_url: 'src' },
    );

    const mapping = await mapCatalog(catalogs.database, config);

    expect(columnNames(mapping.products)).toEqual({ id: 'sku', title: 'Artikel' });
    expect(columnNames(mapping.images)).toEqual({ id: 'nr', productId: 'sku', url: 'src' });
    expect(mapping.productKey.family).toBe('text');
  });

  test('passes over an optional column of a type it cannot read, with a warning', async () => {
    const config = await catalogs.makeBy(
      `create table shop.products (id integer, title jsonb, name text, price jsonb);${plainImages}`,
    );

    const mapping = await mapCatalog(catalogs.database, config);

    expect(columnNames(mapping.products)).toEqual({ id: 'id', title: 'name' });
    expect(mapping.warnings).toEqual([
      `\`${config.products}\`.\`price\` is of type jsonb, which price can't be read from. ` +
        'Accepted: a number, money, text. It is not used.',
    ]);
  });

  test('sees a domain as the type that it is made of', async () => {
    const config = await catalogs.makeBy(
      `create domain shop.number as bigint;
       create domain shop.sku as shop.number check (value > 0);
       create table shop.products (id shop.sku);
       create table shop.product_images (id shop.sku, product_id shop.sku, url text)`,
    );

    const { productKey, imageKey } = await mapCatalog(catalogs.database, config);

    expect([productKey.sqlType, imageKey.sqlType]).toEqual(['bigint', 'bigint']);
  });
});

describe('finding relations', () => {
  test('finds views, materialised views and partitioned tables', async () => {
    const config = await catalogs.makeBy(
      `create table shop.articles (id integer, label text) partition by list (id);
       create materialized view shop.products as select id, label as title from shop.articles;
       create view shop.product_images as select id, id as product_id, label as url from shop.articles;
       create table shop.unrelated (id integer)`,
    );

    const viewed = await mapCatalog(catalogs.database, config);
    const partitioned = await mapCatalog(catalogs.database, {
      ...config,
      products: config.products.replace('products', 'articles'),
    });

    expect(columnNames(viewed.products)).toEqual({ id: 'id', title: 'title' });
    expect(columnNames(partitioned.products)).toEqual({ id: 'id' });
  });

  test('finds a name without a schema, in the case given first and in lower case next', async () => {
    await catalogs.database.query('create table "Goods" (id integer, title text)');
    await catalogs.database.query('create table goods (id integer, name text)');
    await catalogs.database.query('create table photos (id integer, product_id integer, url text)');

    const exact = await mapCatalog(catalogs.database, {
      products: 'Goods',
      images: 'Photos',
      columns: {},
      filters: {},
    });
    const folded = await mapCatalog(catalogs.database, {
      products: 'GOODS',
      images: 'PHOTOS',
      columns: {},
      filters: {},
    });

    expect(columnNames(exact.products)).toEqual({ id: 'id', title: 'title' });
    expect(columnNames(folded.products)).toEqual({ id: 'id', title: 'name' });
    expect(folded.images.sqlName).toBe('public.photos');
  });
});
