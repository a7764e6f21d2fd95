import type { CatalogConfig } from '../../src/config.js';
import type { Queryable } from '../../src/db/database.js';
import { quoteIdentifier } from '../../src/services/catalog/catalog-relation.js';

/** What is left out is null in the table. */
export interface FixtureProduct {
  id: string;
  title?: string;
  description?: string;
  category?: string;
  brand?: string;
  price?: number;
  currency?: string;
  url?: string;
  inStock?: boolean;
}

export interface FixtureImage {
  id: string;
  productId?: string | null;
  url?: string | null;
  isMain?: boolean;
  position?: number;
  /** As Postgres reads a timestamp: `2024-02-29 12:00:00.123456+00`. */
  updatedAt?: string;
}

export interface CatalogFixture {
  /** SQL type of both keys: `integer`, `uuid`, the name of a domain. */
  keyType: string;
  products: readonly FixtureProduct[];
  images: readonly FixtureImage[];
  /** `public` by default. Made where there is none. */
  schema?: string;
  /** `products` and `product_images` by default. */
  names?: { products?: string; images?: string };
}

/** Products 1 to `count`, each with the main image of the same id and the URL `<id>.jpg`. */
export function numberedCatalog(count: number): CatalogFixture {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return {
    keyType: 'integer',
    products: numbers.map((number) => ({
      id: String(number),
      title: `Product ${number}`,
      price: number,
      inStock: true,
    })),
    images: numbers.map((number) => ({
      id: String(number),
      productId: String(number),
      url: `${number}.jpg`,
      isMain: true,
    })),
  };
}

/**
 * Makes a shop's two tables, with the usual column names and no foreign key between them, and fills them.
 *
 * @returns the settings that name them.
 */
export async function createCatalog(database: Queryable, fixture: CatalogFixture): Promise<CatalogConfig> {
  const schema = fixture.schema ?? 'public';
  const products = fixture.names?.products ?? 'products';
  const images = fixture.names?.images ?? 'product_images';
  const inSchema = (name: string) => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
  await database.query(`create schema if not exists ${quoteIdentifier(schema)}`);
  await createProducts(database, { ...fixture, table: inSchema(products) });
  await createImages(database, { ...fixture, table: inSchema(images) });
  return { products: `${schema}.${products}`, images: `${schema}.${images}`, columns: {}, filters: {} };
}

type Table<Row extends 'products' | 'images'> = Pick<CatalogFixture, 'keyType' | Row> & { table: string };

async function createProducts(database: Queryable, { table, keyType, products }: Table<'products'>): Promise<void> {
  await database.query(
    `create table ${table} (
       id ${keyType} primary key, title text, description text, category text, brand text,
       price numeric(12, 2), currency text, url text, in_stock boolean
     )`,
  );
  await database.query(
    `insert into ${table}
     select id, title, description, category, brand, price, currency, url, "inStock"
       from jsonb_to_recordset($1::jsonb) as given (
         id ${keyType}, title text, description text, category text, brand text,
         price numeric(12, 2), currency text, url text, "inStock" boolean
       )`,
    [JSON.stringify(products)],
  );
}

async function createImages(database: Queryable, { table, keyType, images }: Table<'images'>): Promise<void> {
  await database.query(
    `create table ${table} (
       id ${keyType} primary key, product_id ${keyType}, image_url text, is_main_image boolean,
       position integer, updated_at timestamptz
     )`,
  );
  await database.query(`create index on ${table} (product_id)`);
  await database.query(
    `insert into ${table}
     select id, "productId", url, "isMain", position, "updatedAt"
       from jsonb_to_recordset($1::jsonb) as given (
         id ${keyType}, "productId" ${keyType}, url text, "isMain" boolean, position integer, "updatedAt" timestamptz
       )`,
    [JSON.stringify(images)],
  );
}
