import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCatalog, type Catalog } from '../../src/services/catalog/catalog.js';
import type { ImageScope } from '../../src/types.js';
import { createCatalog, type FixtureImage } from '../support/catalog-fixture.js';
import { startEmptyTestDatabase, type TestDatabase } from '../support/database.js';
import { silentLog } from '../support/silent-log.js';

let server: TestDatabase;

beforeAll(async () => {
  server = await startEmptyTestDatabase();
});

afterAll(async () => {
  await server.close();
});

let schemas = 0;

interface Shop {
  catalog: Catalog;
  table: string;
  /** All image keys, in the order that the database gives them. */
  keys: string[];
}

type FlagColumn = 'with a flag' | 'without a flag';

async function makeShop(shop: {
  keyType: string;
  productIds: readonly string[];
  images: readonly FixtureImage[];
  flag: FlagColumn;
}): Promise<Shop> {
  const { database } = server;
  const schema = `pages_${++schemas}`;
  const products = shop.productIds.map((id) => ({ id }));
  const config = await createCatalog(database, { keyType: shop.keyType, products, images: shop.images, schema });
  if (shop.flag === 'without a flag') await database.query(`alter table ${config.images} drop column is_main_image`);
  const rows = await database.query<{ id: string }>(`select i.id::text as id from ${config.images} i order by i.id`);
  const catalog = await loadCatalog({ database, config, log: silentLog });
  return { catalog, table: config.images, keys: rows.map(({ id }) => id) };
}

const MAX_IMAGES = 25;

/** Reads one chunk page by page, as a backfill does. */
async function readChunk(
  catalog: Catalog,
  chunk: { scope: ImageScope; after: string | null; until: string | null; limit: number },
): Promise<string[]> {
  const read: string[] = [];
  let after = chunk.after;
  for (;;) {
    if (read.length > MAX_IMAGES) throw new Error('The pages go round in circles.');
    const page = await catalog.imagePage({ ...chunk, after });
    read.push(...page.map(({ id }) => id));
    if (page.length < chunk.limit) return read;
    after = read.at(-1) ?? null;
  }
}

/** What is in the scope by its definition: no SQL, no cleverness. */
function inScope(
  shop: { productIds: readonly string[]; images: readonly FixtureImage[]; flag: FlagColumn; keys: readonly string[] },
  scope: ImageScope,
): string[] {
  const candidates = shop.keys
    .map((key) => shop.images.find(({ id }) => id === key))
    .filter((image) => image !== undefined)
    .filter(({ productId }) => typeof productId === 'string' && shop.productIds.includes(productId));
  if (scope === 'all') return candidates.map(({ id }) => id);
  if (shop.flag === 'with a flag') return candidates.filter(({ isMain }) => isMain === true).map(({ id }) => id);
  const position = (image: FixtureImage) => image.position ?? Number.POSITIVE_INFINITY;
  const isFirst = (image: FixtureImage) =>
    candidates
      .filter(({ productId }) => productId === image.productId)
      .every(
        (other) =>
          position(image) < position(other) ||
          (position(image) === position(other) && candidates.indexOf(image) <= candidates.indexOf(other)),
      );
  return candidates.filter(isFirst).map(({ id }) => id);
}

const keyKinds = [
  { keyType: 'bigint', id: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String) },
  { keyType: 'uuid', id: fc.uuid() },
  {
    keyType: 'text',
    id: fc
      .oneof(
        fc.string({ unit: 'binary', maxLength: 6 }),
        fc.string({ unit: fc.constantFrom('a', 'A', '-', ' ', 'ä', '_'), maxLength: 4 }),
      )
      .map((text) => text.replaceAll('\0', '')),
  },
];

/** Product 7 stands for none; others past the end of the list of products do not exist. */
const imageDetails = fc.record(
  { product: fc.nat({ max: 7 }), position: fc.nat({ max: 2 }), isMain: fc.boolean() },
  { requiredKeys: ['product'] },
);

describe.each(keyKinds)('pages over keys of type $keyType', ({ keyType, id }) => {
  test('hold every image of the scope once, in key order, whatever the sizes', { timeout: 60_000 }, async () => {
    const shops = fc.record({
      productIds: fc.uniqueArray(id, { minLength: 1, maxLength: 6 }),
      imageIds: fc.uniqueArray(id, { maxLength: MAX_IMAGES }),
      details: fc.array(imageDetails, { minLength: MAX_IMAGES, maxLength: MAX_IMAGES }),
      flag: fc.constantFrom<FlagColumn>('with a flag', 'without a flag'),
      scope: fc.constantFrom<ImageScope>('main', 'all'),
      limit: fc.integer({ min: 1, max: 8 }),
      chunkSize: fc.integer({ min: 1, max: 12 }),
    });
    const property = fc.asyncProperty(shops, async (given) => {
      const images = given.details
        .slice(0, given.imageIds.length)
        .map(({ product, ...detail }, index): FixtureImage => {
          const productId = product === 7 ? null : (given.productIds[product] ?? given.imageIds[0] ?? null);
          return { ...detail, id: given.imageIds[index] ?? '', productId, url: 'a.jpg' };
        });
      const shop = { ...given, ...(await makeShop({ ...given, keyType, images })), images };
      const expected = inScope(shop, given.scope);
      const ends = await shop.catalog.chunkEnds(given.scope, given.chunkSize);
      const chunks = [];
      for (const [index, until] of ends.entries()) {
        chunks.push(await readChunk(shop.catalog, { ...given, after: ends[index - 1] ?? null, until }));
      }

      expect(await readChunk(shop.catalog, { ...given, after: null, until: null })).toEqual(expected);
      expect(chunks.flat()).toEqual(expected);
      expect(chunks.map((chunk) => chunk.length).slice(0, -1)).toEqual(chunks.slice(1).map(() => given.chunkSize));
      expect(await shop.catalog.countImages(given.scope)).toBe(expected.length);
      expect(await shop.catalog.imagesInScope(given.imageIds, given.scope)).toEqual(new Set(expected));
    });
    await fc.assert(property, { numRuns: 20 });
  });
});

test('pages hold keys that the shop takes for equal but that differ', async () => {
  const images = ['a', 'A', 'b', 'B'].map((key) => ({ id: key, productId: '1', url: `${key}.jpg` }));
  const config = await createCatalog(server.database, {
    keyType: 'text',
    products: [{ id: '1' }],
    images,
    schema: 'ci',
  });
  await server.database.query(
    "create collation ci.ignoring_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
  );
  await server.database.query(
    `create view ci.photos as select id collate ci.ignoring_case as id, product_id, image_url from ${config.images}`,
  );
  const catalog = await loadCatalog({
    database: server.database,
    config: { ...config, images: 'ci.photos' },
    log: silentLog,
  });

  expect(await readChunk(catalog, { scope: 'all', after: null, until: null, limit: 1 })).toEqual(['A', 'B', 'a', 'b']);
  expect(await catalog.chunkEnds('all', 3)).toEqual(['a', 'b']);
  expect([...(await catalog.findImages(['a'])).values()].map(({ url }) => url)).toEqual(['a.jpg']);
});

describe('pages of a catalogue that changes', () => {
  const productIds = ['1'];
  const images = [10, 20, 30, 40].map((id) => ({ id: String(id), productId: '1', url: 'a.jpg', isMain: true }));
  const firstPage = { scope: 'main', after: null, until: null, limit: 2 } as const;

  test('show what is inserted behind the place that was reached, and not what is inserted before', async () => {
    const { catalog, table } = await makeShop({ keyType: 'integer', productIds, images, flag: 'with a flag' });
    await catalog.imagePage(firstPage);
    await server.database.query(
      `insert into ${table} (id, product_id, image_url, is_main_image) values (15, 1, '', true), (25, 1, '', true)`,
    );

    expect(await readChunk(catalog, { ...firstPage, after: '20' })).toEqual(['25', '30', '40']);
  });

  test('go on behind a row that was deleted, itself the last one read included', async () => {
    const { catalog, table } = await makeShop({ keyType: 'integer', productIds, images, flag: 'with a flag' });
    await catalog.imagePage(firstPage);
    await server.database.query(`delete from ${table} where id in (20, 30)`);

    expect(await readChunk(catalog, { ...firstPage, after: '20' })).toEqual(['40']);
  });

  test('end where their chunk ends, though the row at its end is gone', async () => {
    const { catalog, table } = await makeShop({ keyType: 'integer', productIds, images, flag: 'with a flag' });
    expect(await catalog.chunkEnds('main', 2)).toEqual(['20', '40']);
    await server.database.query(`delete from ${table} where id = 20`);

    expect(await readChunk(catalog, { ...firstPage, until: '20' })).toEqual(['10']);
    expect(await readChunk(catalog, { ...firstPage, after: '20', until: '40' })).toEqual(['30', '40']);
  });
});
