import type { Database, Queryable } from '../src/db/database.js';
import type { Log } from '../src/log.js';
import { demoFingerprint } from './demo-fingerprint.js';
import { makeDemoProducts, type DemoProduct } from './demo-products.js';

export interface FillDemoOptions {
  database: Database;
  log: Log;
  products?: readonly DemoProduct[];
}

/** When every demo row says that it last changed: the demo is the same on every machine. */
const UPDATED_AT = '2026-01-01T00:00:00Z';

/**
 * Makes the demo catalogue, schema `demo`, where it is not there yet or is another release's. One transaction, so that a
 * kill leaves the old one or the new one.
 */
export async function fillDemoCatalog(options: FillDemoOptions): Promise<void> {
  const { database, log, products = makeDemoProducts() } = options;
  const fingerprint = demoFingerprint(products);
  if ((await filledWith(database)) === fingerprint) return;
  await database.transaction(async (tx) => {
    await makeTables(tx);
    await insertProducts(tx, products);
    await insertImages(tx, products);
    await tx.query(`insert into demo.about (fingerprint) values ($1::text)`, [fingerprint]);
  });
  log.info({ products: products.length }, 'filled the demo catalogue');
}

/** The fingerprint of the demo that is there; null where there is none. */
async function filledWith(database: Queryable): Promise<string | null> {
  const [table] = await database.query<{ isThere: boolean }>(
    `select to_regclass('demo.about') is not null as "isThere"`,
  );
  if (table?.isThere !== true) return null;
  const [row] = await database.query<{ fingerprint: string }>(`select fingerprint from demo.about`);
  return row?.fingerprint ?? null;
}

async function makeTables(tx: Queryable): Promise<void> {
  await tx.query(`drop schema if exists demo cascade`);
  await tx.query(`create schema demo`);
  await tx.query(`create table demo.about (fingerprint text not null)`);
  await tx.query(
    `create table demo.products (
       id integer primary key, title text not null, description text not null, category text not null, brand text not null,
       price numeric(10, 2) not null, currency text not null, url text not null, in_stock boolean not null,
       updated_at timestamptz not null
     )`,
  );
  await tx.query(
    `create table demo.product_images (
       id integer primary key, product_id integer not null references demo.products (id), image_url text not null,
       is_main_image boolean not null, position integer not null, updated_at timestamptz not null
     )`,
  );
  // The pictures of a page of products are read by product.
  await tx.query(`create index product_images_of_product on demo.product_images (product_id)`);
}

async function insertProducts(tx: Queryable, products: readonly DemoProduct[]): Promise<void> {
  const rows = products.map(({ id, title, description, category, brand, price, currency, inStock }) => {
    return { id, title, description, category, brand, price, currency, url: `/products/${id}`, in_stock: inStock };
  });
  await tx.query(
    `insert into demo.products
     select id, title, description, category, brand, price, currency, url, in_stock, $2::timestamptz
     from jsonb_to_recordset($1::jsonb) as given (
       id integer, title text, description text, category text, brand text, price numeric, currency text, url text,
       in_stock boolean)`,
    [JSON.stringify(rows), UPDATED_AT],
  );
}

async function insertImages(tx: Queryable, products: readonly DemoProduct[]): Promise<void> {
  const rows = products.flatMap((product) =>
    product.images.map(({ id, path, isMain, view }) => ({ id, product_id: product.id, path, is_main: isMain, view })),
  );
  await tx.query(
    `insert into demo.product_images
     select id, product_id, path, is_main, view, $2::timestamptz
     from jsonb_to_recordset($1::jsonb) as given (id integer, product_id integer, path text, is_main boolean, view integer)`,
    [JSON.stringify(rows), UPDATED_AT],
  );
}
