import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fillDemoCatalog } from '../../demo/fill-demo-catalog.js';
import { makeDemoProducts, type DemoProduct } from '../../demo/demo-products.js';
import { startEmptyTestDatabase, type TestDatabase } from '../support/database.js';
import { silentLog } from '../support/silent-log.js';

const products = makeDemoProducts();

let shop: TestDatabase;

beforeAll(async () => {
  shop = await startEmptyTestDatabase();
});

beforeEach(async () => {
  await shop.database.query('drop schema if exists demo cascade');
});

afterAll(() => shop.close());

async function fill(of: readonly DemoProduct[] = products): Promise<void> {
  await fillDemoCatalog({ database: shop.database, log: silentLog, products: of });
}

/** The transactions that wrote the products that are there, with how many each wrote. */
async function writers(): Promise<{ writer: string; count: number }[]> {
  return shop.database.query(`select xmin::text as writer, count(*)::int as count from demo.products group by 1`);
}

describe('the demo catalogue', () => {
  it('holds every product as it was made', async () => {
    await fill();
    const rows = await shop.database.query(
      `select id, title, description, category, brand, price::float8 as price, currency, url, in_stock as "inStock"
       from demo.products order by id`,
    );
    expect(rows).toEqual(
      products.map(({ id, title, description, category, brand, price, currency, inStock }) => {
        return { id, title, description, category, brand, price, currency, url: `/products/${id}`, inStock };
      }),
    );
  });

  it('holds every image in the order of its product, main images first', async () => {
    await fill();
    const rows = await shop.database.query(
      `select id, product_id as product, image_url as path, is_main_image as "isMain", position as view
       from demo.product_images order by product_id, position`,
    );
    expect(rows).toEqual(
      products.flatMap(({ id: product, images }) =>
        images.map(({ id, path, isMain, view }) => ({ id, product, path, isMain, view })),
      ),
    );
  });

  it('says of every row that it changed at the same moment, on every machine', async () => {
    await fill();
    const rows = await shop.database.query(
      `select updated_at from demo.products union select updated_at from demo.product_images`,
    );
    expect(rows).toEqual([{ updated_at: new Date('2026-01-01T00:00:00Z') }]);
  });

  it('finds the images of a product by an index', async () => {
    await fill();
    const rows = await shop.database.query(
      `select indexdef from pg_indexes where schemaname = 'demo' and tablename = 'product_images'`,
    );
    expect(rows).toContainEqual({
      indexdef: 'CREATE INDEX product_images_of_product ON demo.product_images USING btree (product_id)',
    });
  });

  it('is left as it is when it is filled again', async () => {
    await fill();
    const before = await writers();
    await fill();
    expect(await writers()).toEqual(before);
    expect(before).toEqual([{ writer: expect.any(String) as string, count: products.length }]);
  });

  it('becomes that of another release', async () => {
    await fill();
    const changed = products.slice(0, 3).map((product) => ({ ...product, brand: 'Neuland' }));
    await fill(changed);
    expect(await shop.database.query(`select id, brand from demo.products order by id`)).toEqual(
      changed.map(({ id, brand }) => ({ id, brand })),
    );
  });

  it('stays whole when filling it with another release breaks off half-way', async () => {
    await fill();
    const before = await writers();
    const [first] = products;
    // The second product with an id that is taken ends the transaction after its tables were made.
    await expect(fill(first ? [first, first] : [])).rejects.toMatchObject({ code: '23505' });
    expect(await writers()).toEqual(before);
    await fill();
    expect(await writers()).toEqual(before);
  });
});
