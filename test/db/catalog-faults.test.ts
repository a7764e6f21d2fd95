import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CatalogConfig } from '../../src/config.js';
import { mapCatalog } from '../../src/services/catalog/catalog-columns.js';
import { startEmptyTestDatabase } from '../support/database.js';
import { TestCatalogs } from '../support/test-catalogs.js';

let catalogs: TestCatalogs;

beforeAll(async () => {
  catalogs = await TestCatalogs.start();
});

afterAll(async () => {
  await catalogs.close();
});

const plainImages = 'create table shop.product_images (id integer primary key, product_id integer, image_url text)';

async function messageOf(config: CatalogConfig): Promise<string> {
  return mapCatalog(catalogs.database, config).then(
    () => 'no error',
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
  );
}

describe('a catalogue that can not be used', () => {
  test('names the column that is missing, what was looked for and what was found', async () => {
    const config = await catalogs.makeBy(`create table shop.products (sku text, title text);${plainImages}`);

    expect(await messageOf(config)).toBe(
      'CatalogError: The catalogue is not usable.\n' +
        `  \`${config.products}\` has no id column. Looked for: id. Found: sku, title. ` +
        'Set CATALOG_COLUMNS=id=<column>, or CATALOG_PRODUCTS to a view that has one.',
    );
  });

  test('names every fault at once', async () => {
    const config = await catalogs.makeBy(
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
    const error = mapCatalog(empty.database, { products: 'products', images: 'shop.images', columns: {}, filters: {} });

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
    const config = await catalogs.makeBy(
      'create table shop.products (id uuid); create table shop.product_images (id integer, product_id text, url text)',
    );

    expect(await messageOf(config)).toBe(
      'CatalogError: The catalogue is not usable.\n' +
        `  \`${config.images}\`.\`product_id\` is of type text and \`${config.products}\`.\`id\` of type uuid, ` +
        "so they can't be compared. Set CATALOG_IMAGES to a view that gives both the same type.",
    );
  });
});
