import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CatalogColumnNames, CatalogConfig } from '../../src/config.js';
import { mapCatalog, type CatalogMapping } from '../../src/services/catalog/catalog-columns.js';
import { createCatalog } from '../support/catalog-fixture.js';
import { startEmptyTestDatabase, type TestDatabase } from '../support/database.js';

let server: TestDatabase;

beforeAll(async () => {
  server = await startEmptyTestDatabase();
});

afterAll(async () => {
  await server.close();
});

let schemas = 0;

/** Runs `create` statements in a schema of their own, `shop` in the text, and returns the settings that name it. */
async function shop(statements: string, columns: CatalogColumnNames = {}): Promise<CatalogConfig> {
  const schema = `shop_${++schemas}`;
  await server.database.query(`create schema ${schema}`);
  for (const statement of statements.split(';'))
    await server.database.query(statement.replaceAll('shop.', `${schema}.`));
  return { products: `${schema}.products`, images: `${schema}.product_images`, columns };
}

const plainProducts = 'create table shop.products (id integer primary key)';
const plainImages = 'create table shop.product_images (id integer primary key, product_id integer, image_url text)';

/** Names of the columns that were found, by concept. */
function columnNames(relation: CatalogMapping['products'] | CatalogMapping['images']): Record<string, string> {
  const entries = Object.entries(relation.columns).flatMap(([concept, column]) =>
    column === null ? [] : [[concept, column.name] as const],
  );
  return Object.fromEntries(entries);
}

async function messageOf(config: CatalogConfig): Promise<string> {
  return mapCatalog(server.database, config).then(
    () => 'no error',
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
  );
}

describe('finding columns', () => {
  test('takes the usual names', async () => {
    const config = await createCatalog(server.database, {
      keyType: 'bigint',
      products: [],
      images: [],
      schema: 'usual',
    });

    const mapping = await mapCatalog(server.database, config);

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
    const mapping = await mapCatalog(server.database, await shop(`${plainProducts};${plainImages}`));

    expect(columnNames(mapping.products)).toEqual({ id: 'id' });
    expect(columnNames(mapping.images)).toEqual({ id: 'id', productId: 'product_id', url: 'image_url' });
  });

  test('takes the likeliest of several usual names', async () => {
    const config = await shop(
      `create table shop.products (id integer, name text, title text, manufacturer text, vendor text);
       create table shop.product_images (id integer, product_id integer, url text, image_url text)`,
    );

    const mapping = await mapCatalog(server.database, config);

    expect(columnNames(mapping.products)).toEqual({ id: 'id', title: 'title', brand: 'vendor' });
    expect(columnNames(mapping.images).url).toBe('image_url');
  });

  test('knows a usual name in camel case', async () => {
    const config = await shop(
      `create table shop.products (id integer, "productType" text, "inStock" boolean);
       create table shop.product_images (id integer, "productId" integer, "imageUrl" text, "isMain" boolean)`,
    );

    const mapping = await mapCatalog(server.database, config);

    expect(columnNames(mapping.products)).toEqual({ id: 'id', category: 'productType', inStock: 'inStock' });
    expect(columnNames(mapping.images)).toEqual({
      id: 'id',
      productId: 'productId',
      url: 'imageUrl',
      isMain: 'isMain',
    });
  });

  test('takes the configured names before the usual ones, spelt exactly or in another case', async () => {
    const config = await shop(
      `create table shop.products (sku text, id integer, title text, "Artikel" text);
       create table shop.product_images (nr integer, id integer, sku text, src text, url text)`,
      { id: 'SKU', title: 'Artikel', image_id: 'nr', image_product_id: 'sku', image_url: 'src' },
    );

    const mapping = await mapCatalog(server.database, config);

    expect(columnNames(mapping.products)).toEqual({ id: 'sku', title: 'Artikel' });
    expect(columnNames(mapping.images)).toEqual({ id: 'nr', productId: 'sku', url: 'src' });
    expect(mapping.productKey.family).toBe('text');
  });

  test('passes over an optional column of a type it cannot read, with a warning', async () => {
    const config = await shop(
      `create table shop.products (id integer, title jsonb, name text, price jsonb);${plainImages}`,
    );

    const mapping = await mapCatalog(server.database, config);

    expect(columnNames(mapping.products)).toEqual({ id: 'id', title: 'name' });
    expect(mapping.warnings).toEqual([
      `\`${config.products}\`.\`price\` is of type jsonb, which price can't be read from. ` +
        'Accepted: a number, money, text. It is not used.',
    ]);
  });

  test('sees a domain as the type that it is made of', async () => {
    const config = await shop(
      `create domain shop.number as bigint;
       create domain shop.sku as shop.number check (value > 0);
       create table shop.products (id shop.sku);
       create table shop.product_images (id shop.sku, product_id shop.sku, url text)`,
    );

    const { productKey, imageKey } = await mapCatalog(server.database, config);

    expect([productKey.sqlType, imageKey.sqlType]).toEqual(['bigint', 'bigint']);
  });
});

describe('finding relations', () => {
  test('finds views, materialised views and partitioned tables', async () => {
    const config = await shop(
      `create table shop.articles (id integer, label text) partition by list (id);
       create materialized view shop.products as select id, label as title from shop.articles;
       create view shop.product_images as select id, id as product_id, label as url from shop.articles;
       create table shop.unrelated (id integer)`,
    );

    const viewed = await mapCatalog(server.database, config);
    const partitioned = await mapCatalog(server.database, {
      ...config,
      products: config.products.replace('products', 'articles'),
    });

    expect(columnNames(viewed.products)).toEqual({ id: 'id', title: 'title' });
    expect(columnNames(partitioned.products)).toEqual({ id: 'id' });
  });

  test('finds a name without a schema, in the case given first and in lower case next', async () => {
    await server.database.query('create table "Goods" (id integer, title text)');
    await server.database.query('create table goods (id integer, name text)');
    await server.database.query('create table photos (id integer, product_id integer, url text)');

    const exact = await mapCatalog(server.database, { products: 'Goods', images: 'Photos', columns: {} });
    const folded = await mapCatalog(server.database, { products: 'GOODS', images: 'PHOTOS', columns: {} });

    expect(columnNames(exact.products)).toEqual({ id: 'id', title: 'title' });
    expect(columnNames(folded.products)).toEqual({ id: 'id', title: 'name' });
    expect(folded.images.sqlName).toBe('public.photos');
  });
});

describe('a catalogue that can not be used', () => {
  test('names the column that is missing, what was looked for and what was found', async () => {
    const config = await shop(`create table shop.products (sku text, title text);${plainImages}`);

    expect(await messageOf(config)).toBe(
      'CatalogError: The catalogue is not usable.\n' +
        `  \`${config.products}\` has no id column. Looked for: id. Found: sku, title. ` +
        'Set CATALOG_COLUMNS=id=<column>, or CATALOG_PRODUCTS to a view that has one.',
    );
  });

  test('names every fault at once', async () => {
    const config = await shop(
      `create table shop.products (id json, price numeric);
       create table shop.product_images (id integer, src text, is_main text)`,
      { titel: 'name', title: 'product_name', price: 'id' },
    );

    expect(await messageOf(config)).toBe(
      'CatalogError: The catalogue is not usable.\n' +
        '  CATALOG_COLUMNS names `titel`, which is not known. Accepted: id, title, description, category, brand, price, ' +
        'currency, url, in_stock, image_id, image_product_id, image_url, image_is_main, image_position, image_updated_at.\n' +
        `  \`${config.products}\`.\`id\` is of type json, which id can't be read from. ` +
        'Accepted: smallint, integer, bigint, numeric, uuid, text. ' +
        'Set CATALOG_COLUMNS=id=<column>, or CATALOG_PRODUCTS to a view that has one.\n' +
        `  \`${config.products}\` has no column \`product_name\`, which CATALOG_COLUMNS names for title. Found: id, price.\n` +
        `  \`${config.products}\`.\`id\` is of type json, which price can't be read from. Accepted: a number, money, text. ` +
        'Set CATALOG_COLUMNS=price=<column>, or CATALOG_PRODUCTS to a view that has one.\n' +
        `  \`${config.images}\` has no image_product_id column. Looked for: product_id. Found: id, src, is_main. ` +
        'Set CATALOG_COLUMNS=image_product_id=<column>, or CATALOG_IMAGES to a view that has one.\n' +
        `  \`${config.images}\` has no image_url column. Looked for: image_url, url. Found: id, src, is_main. ` +
        'Set CATALOG_COLUMNS=image_url=<column>, or CATALOG_IMAGES to a view that has one.\n' +
        `  \`${config.images}\`.\`is_main\` is of type text, which image_is_main can't be read from. ` +
        'Accepted: boolean, a number. ' +
        'Set CATALOG_COLUMNS=image_is_main=<column>, or CATALOG_IMAGES to a view that has one.',
    );
  });

  test('names the relations that are missing and those that are there', async () => {
    const empty = await startEmptyTestDatabase();
    await empty.database.query('create table orders (id integer)');
    await empty.database.query('create sequence products');
    const error = mapCatalog(empty.database, { products: 'products', images: 'shop.images', columns: {} });

    await expect(error).rejects.toThrow(
      expect.objectContaining({
        message:
          'The catalogue is not usable.\n' +
          '  There is no table or view `products` that the database user may read. Found: public.orders. ' +
          'Set CATALOG_PRODUCTS to the table or view of products.\n' +
          '  There is no table or view `shop.images` that the database user may read. Found: public.orders. ' +
          'Set CATALOG_IMAGES to the table or view of product images.',
      }),
    );
    await empty.close();
  });

  test('says that the two tables name products by different types', async () => {
    const config = await shop(
      'create table shop.products (id uuid); create table shop.product_images (id integer, product_id text, url text)',
    );

    expect(await messageOf(config)).toBe(
      'CatalogError: The catalogue is not usable.\n' +
        `  \`${config.images}\`.\`product_id\` is of type text and \`${config.products}\`.\`id\` of type uuid, ` +
        "so they can't be compared. Set CATALOG_IMAGES to a view that gives both the same type.",
    );
  });
});
