import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Catalog } from '../../src/services/catalog/catalog.js';
import type { AttributeFilter, ProductFilter, ValueRange } from '../../src/services/catalog/product-filter.js';
import type { Product } from '../../src/types.js';
import { TestCatalogs } from '../support/test-catalogs.js';

let shops: TestCatalogs;

beforeAll(async () => {
  shops = await TestCatalogs.start();
});

afterAll(async () => {
  await shops.close();
});

/** A row of the shop's table as it is written. */
interface Row {
  category: string | null;
  brand: string | null;
  price: string | null;
  stock: number | null;
  size: number | null;
  tags: (string | null)[] | null;
}

interface Shop {
  keyType: string;
  priceType: string;
  /** The id of the row at a place. */
  idAt: (place: number) => string;
  prices: fc.Arbitrary<string>;
}

const WORDS = [
  'chairs',
  'Chairs',
  'chairs ',
  ' chairs',
  '',
  ' ',
  "O'Neill",
  'a"b',
  '{a,b}',
  'a,b',
  '\\',
  '50% off',
  '%',
  '_',
];
const FAR_WORDS = ['é', 'e\u0301', '日本', '😀', 'NULL', 'null', '$1', '; --', 'x'.repeat(200)];
const word = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.constantFrom(...FAR_WORDS),
  fc.string({ unit: 'grapheme', maxLength: 3 }),
);
const storedWord = word.filter((text) => !text.includes('\0'));

const NUMBERS = ['0', '7', '19.9', '19.90', '1.5', '100', '0.1', '3.3333333333333333'];
const JUNK = [
  '',
  ' ',
  'on request',
  '12,50',
  '€ 12',
  'NaN',
  'Infinity',
  '0x10',
  '1e999',
  '1e99999',
  '1e-999',
  '--1',
  '1.',
  '1.2.3',
];
const anyNumber = fc.double({ noNaN: true, noDefaultInfinity: true }).map(String);
const cents = fc.integer({ min: 0, max: 3000 }).map((amount) => (amount / 100).toFixed(2));

const shopsToTry: Shop[] = [
  {
    keyType: 'integer',
    priceType: 'numeric',
    idAt: String,
    prices: fc.oneof(
      fc.constantFrom(...NUMBERS, 'NaN', `1${'0'.repeat(400)}`, '0.30000000000000000001'),
      cents,
      anyNumber,
    ),
  },
  {
    keyType: 'uuid',
    priceType: 'text',
    idAt: (place) => `5f0c8d5e-0000-4000-8000-${String(place).padStart(12, '0')}`,
    prices: fc.oneof(fc.constantFrom(...NUMBERS), fc.constantFrom(...JUNK), cents, anyNumber, storedWord),
  },
  { keyType: 'text', priceType: 'money', idAt: (place) => `'${place}" {é}%`, prices: cents },
  { keyType: 'bigint', priceType: 'real', idAt: String, prices: fc.oneof(fc.constantFrom(...NUMBERS, 'NaN'), cents) },
  {
    keyType: 'varchar(9)',
    priceType: 'double precision',
    idAt: (place) => `SKU-${place}`,
    prices: fc.oneof(fc.constantFrom(...NUMBERS, 'NaN', 'Infinity', '-Infinity'), anyNumber),
  },
];

const maybe = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: null, freq: 3 });

function rowsOf({ prices }: Shop): fc.Arbitrary<Row[]> {
  const row = fc.record({
    category: maybe(storedWord),
    brand: maybe(storedWord),
    price: maybe(prices),
    stock: maybe(fc.integer({ min: -1, max: 2 })),
    size: maybe(fc.integer({ min: -2, max: 3 })),
    tags: maybe(fc.array(maybe(storedWord), { maxLength: 3 })),
  });
  return fc.array(row, { minLength: 1, maxLength: 25 });
}

const bound = fc.oneof(
  fc.constantFrom(0, 0.1, 1.5, 7, 19.9, 3.3333333333333335),
  fc.double({ min: 0, noNaN: true }).filter(Number.isFinite),
);
const range: fc.Arbitrary<ValueRange> = fc
  .record({ min: maybe(bound), max: maybe(bound) })
  .map(({ min, max }) => (min !== null && max !== null && min > max ? { min: max, max: min } : { min, max }));

const attribute: fc.Arbitrary<AttributeFilter> = fc.oneof(
  fc.record({ name: fc.constant('brand'), values: fc.array(storedWord, { maxLength: 4 }), range: fc.constant(null) }),
  fc.record({ name: fc.constant('tag'), values: fc.array(storedWord, { maxLength: 4 }), range: fc.constant(null) }),
  fc.record({
    name: fc.constant('size'),
    values: fc.oneof(
      fc.constant([]),
      fc.array(fc.constantFrom('-2', '0', '+1', '2.0', '2.5', '03', '99999999999'), { maxLength: 5 }),
    ),
    range: maybe(fc.record({ min: fc.constantFrom(null, -2, -0.5, 0), max: fc.constantFrom(null, 0, 1.5, 3) })),
  }),
);

/** Some words of the rows are among those asked for, or hardly a filter would find anything. */
function filterOver(rows: readonly Row[]): fc.Arbitrary<ProductFilter> {
  const known = fc.constantFrom(...rows).map(({ category, brand }) => category ?? brand ?? '');
  const words = maybe(fc.array(fc.oneof(known, storedWord), { maxLength: 8 }));
  return fc.record({
    categories: words,
    brands: words,
    price: maybe(range),
    inStock: maybe(fc.boolean()),
    attributes: fc.array(attribute, { maxLength: 2 }),
  });
}

function isIn(value: number | null, bounds: ValueRange | null): boolean {
  if (bounds === null || (bounds.min === null && bounds.max === null)) return true;
  return value !== null && (bounds.min === null || value >= bounds.min) && (bounds.max === null || value <= bounds.max);
}

function isOneOf(value: string | null, words: readonly string[] | null): boolean {
  return words === null || words.length === 0 || (value !== null && words.includes(value));
}

function hasAttribute(row: Row, { name, values, range: bounds }: AttributeFilter): boolean {
  switch (name) {
    case 'brand':
      return isOneOf(row.brand, values);
    case 'tag':
      return (
        values === null || values.length === 0 || (row.tags ?? []).some((tag) => tag !== null && values.includes(tag))
      );
    default: {
      const isAsked = values === null || values.length === 0 || values.some((value) => Number(value) === row.size);
      return isAsked && isIn(row.size, bounds);
    }
  }
}

/** What a product costs is what is shown of it; everything else is what was written. */
function doesMatch(filter: ProductFilter, row: Row, shown: Product): boolean {
  const inStock = row.stock === null ? null : row.stock > 0;
  return (
    isOneOf(row.category, filter.categories) &&
    isOneOf(row.brand, filter.brands) &&
    isIn(shown.price, filter.price) &&
    (filter.inStock === null || inStock === filter.inStock) &&
    filter.attributes.every((one) => hasAttribute(row, one))
  );
}

test.each(shopsToTry)('a filter finds what a look at every row finds: $keyType, $priceType', async (shop) => {
  const { keyType, priceType, idAt } = shop;
  const fields = `category text, brand text, price ${priceType}, stock integer, size integer, tags text[]`;
  const config = await shops.makeBy(
    `create table shop.products (id ${keyType}, ${fields});
     create table shop.product_images (id integer, product_id ${keyType}, url text)`,
  );
  const catalog = await shops.load({ ...config, filters: { size: 'size', tag: 'tags', brand: 'brand' } });

  async function fill(rows: readonly Row[]): Promise<void> {
    await shops.database.query(`delete from ${config.products}`);
    const json = rows.map((row, place) => ({ id: idAt(place), ...row }));
    await shops.database.query(
      `insert into ${config.products} select * from jsonb_to_recordset($1::jsonb) as given (id ${keyType}, ${fields})`,
      [JSON.stringify(json)],
    );
  }

  async function compare(rows: readonly Row[], filter: ProductFilter): Promise<void> {
    const ids = rows.map((_, place) => idAt(place));
    const shown = await catalog.findProducts(ids);
    const expected = rows.flatMap((row, place) => {
      const product = shown.get(idAt(place));
      return product !== undefined && doesMatch(filter, row, product) ? [product.id] : [];
    });
    expect(shown.size).toBe(rows.length);
    expect(await foundBy(catalog, filter, ids)).toEqual({ listed: expected.sort(), looked: expected.sort() });
  }

  await fc.assert(
    fc.asyncProperty(
      rowsOf(shop).chain((rows) =>
        fc.tuple(fc.constant(rows), fc.array(filterOver(rows), { minLength: 4, maxLength: 4 })),
      ),
      async ([rows, filters]) => {
        await fill(rows);
        for (const filter of filters) await compare(rows, filter);
      },
    ),
    { numRuns: 40 },
  );
});

async function foundBy(catalog: Catalog, filter: ProductFilter, ids: readonly string[]) {
  const checked = catalog.checkFilter(filter, 'filter');
  const looked = [...(await catalog.findProducts(ids, checked)).keys()].sort();
  const listed = checked === null ? looked : (await catalog.matchingIds(checked, ids.length + 1)).sort();
  return { listed, looked };
}
