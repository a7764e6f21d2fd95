import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pino } from 'pino';
import type { CatalogConfig } from '../../src/config.js';
import type { Queryable } from '../../src/db/database.js';
import { loadCatalog, READ_ONLY_SESSION, type Catalog } from '../../src/services/catalog/catalog.js';
import { createCatalog, type CatalogFixture } from '../support/catalog-fixture.js';
import { startEmptyTestDatabase, type TestDatabase } from '../support/database.js';

const log = pino({ level: 'silent' });

let server: TestDatabase;

beforeAll(async () => {
  server = await startEmptyTestDatabase();
});

afterAll(async () => {
  await server.close();
});

let schemas = 0;

/** A catalogue of two tables in a schema of their own. */
async function makeTables(fixture: Partial<CatalogFixture>): Promise<CatalogConfig> {
  const schema = `reads_${++schemas}`;
  return createCatalog(server.database, { keyType: 'integer', products: [], images: [], schema, ...fixture });
}

function load(config: CatalogConfig, database: Queryable = server.database): Promise<Catalog> {
  return loadCatalog({ database, config, log });
}

async function makeCatalog(fixture: Partial<CatalogFixture>): Promise<Catalog> {
  return load(await makeTables(fixture));
}

/** The same catalogue through a view of its images, `columns` being its select list. */
async function withImageView(config: CatalogConfig, columns: string): Promise<CatalogConfig> {
  const images = `${config.images}_view`;
  await server.database.query(`create view ${images} as select ${columns} from ${config.images}`);
  return { ...config, images };
}

const withoutFlag = 'id, product_id, image_url, position';

function ids(images: readonly { id: string }[] | undefined): string[] {
  return (images ?? []).map(({ id }) => id);
}

async function wholePage(catalog: Catalog, scope: 'main' | 'all'): Promise<string[]> {
  return ids(await catalog.imagePage({ scope, after: null, until: null, limit: 1000 }));
}

const uuid = (last: string) => `5f0c8d5e-0000-4000-8000-${last.padStart(12, '0')}`;

/** `known` in key order; `strange` can't be keys of the type, or are not in the table. */
const keyTypes = [
  { keyType: 'smallint', known: ['-7', '0', '32767'], strange: ['32768', '1.5', '', ' 1', 'abc', '1e2'] },
  {
    keyType: 'integer',
    known: ['1', '9', '10'],
    strange: ['2147483648', '-2147483649', '9'.repeat(5000), '0x1', '\0'],
  },
  {
    keyType: 'bigint',
    known: ['9007199254740992', '9007199254740993', '9223372036854775807'],
    strange: ['9223372036854775808', 'NaN', '9007199254740992.0', '{1}'],
  },
  { keyType: 'numeric', known: ['2', '10', '123456789012345678901234567890'], strange: ['abc', '1e5', 'NaN', '3'] },
  {
    keyType: 'uuid',
    known: [uuid('1'), uuid('2'), uuid('a')],
    strange: [uuid('3'), `{${uuid('1')}}`, '1', uuid('1').replaceAll('-', ''), `${uuid('1')}\0`],
  },
  {
    keyType: 'text',
    known: ['', 'O\'Neill, "x" {a,b}\\', 'ä/b?c=1&d=%20'],
    strange: ['a\0b', '\ud800', 'o\'neill, "x" {a,b}\\', 'NULL'],
  },
  { keyType: 'varchar(40)', known: ['A-1', 'B-1', 'C_1'], strange: ['a-1', 'A-1 ', 'x'.repeat(50)] },
  { keyType: 'char(5)', known: ['AB', 'AC', 'B'], strange: ['A', 'too long'] },
];

describe.each(keyTypes)('a catalogue with keys of type $keyType', ({ keyType, known, strange }) => {
  let catalog: Catalog;
  const images = known.map((id, index) => ({
    id,
    productId: known[2 - index] ?? '',
    url: `/${index}.jpg`,
    isMain: true,
  }));

  beforeAll(async () => {
    catalog = await makeCatalog({ keyType, products: known.map((id) => ({ id, title: `no. ${id}` })), images });
  });

  test('finds products by their ids and leaves out what no key can be', async () => {
    const found = await catalog.findProducts([...strange, ...known, ...known]);

    expect([...found.keys()]).toEqual(known);
    for (const id of known) expect(found.get(id)).toMatchObject({ id, title: `no. ${id}`.trim() });
  });

  test('finds images by their ids and by their products', async () => {
    const found = await catalog.findImages([...strange, ...known]);
    const ofProducts = await catalog.imagesOfProducts([...strange, ...known]);

    expect([...found.values()].map(({ url }) => url)).toEqual(['/0.jpg', '/1.jpg', '/2.jpg']);
    expect([...ofProducts.keys()]).toEqual(known);
    expect(known.map((id) => ids(ofProducts.get(id))[0])).toEqual([...known].reverse());
  });

  test('pages through the images in key order', async () => {
    const first = await catalog.imagePage({ scope: 'main', after: null, until: null, limit: 1 });
    const rest = await catalog.imagePage({
      scope: 'main',
      after: ids(first)[0] ?? null,
      until: known[1] ?? null,
      limit: 9,
    });

    expect([...ids(first), ...ids(rest)]).toEqual([known[0], known[1]]);
    expect(await catalog.chunkEnds('main', 2)).toEqual([known[1], known[2]]);
    expect(await catalog.imagesInScope([...strange, ...known], 'main')).toEqual(new Set(known));
  });
});

describe('ids that are written in another way', () => {
  test('finds a UUID in capitals under the id asked for', async () => {
    const catalog = await makeCatalog({ keyType: 'uuid', products: [{ id: uuid('abc') }] });

    const found = await catalog.findProducts([uuid('ABC').toUpperCase()]);

    expect(found.get(uuid('ABC').toUpperCase())?.id).toBe(uuid('abc'));
  });

  test('finds a number with leading zeros', async () => {
    const catalog = await makeCatalog({ products: [{ id: '7' }] });

    expect((await catalog.findProducts(['007'])).get('007')?.id).toBe('7');
  });
});

describe('products', () => {
  test('come with everything that the shop says about them', async () => {
    const catalog = await makeCatalog({
      products: [
        {
          id: '1',
          title: ' Oak chair ',
          description: 'Sits well.',
          category: 'chairs',
          brand: 'Holz',
          price: 129.9,
          currency: 'EUR',
          url: 'https://shop.example/1',
          inStock: false,
        },
      ],
    });

    expect((await catalog.findProducts(['1'])).get('1')).toEqual({
      id: '1',
      title: 'Oak chair',
      description: 'Sits well.',
      category: 'chairs',
      brand: 'Holz',
      price: 129.9,
      currency: 'EUR',
      url: 'https://shop.example/1',
      inStock: false,
    });
  });

  test('have null for what the shop leaves out or blank, and their id for a title', async () => {
    const catalog = await makeCatalog({ products: [{ id: '1', title: ' ', brand: '' }] });

    expect((await catalog.findProducts(['1'])).get('1')).toEqual({
      id: '1',
      title: '1',
      description: null,
      category: null,
      brand: null,
      price: null,
      currency: null,
      url: null,
      inStock: null,
    });
  });

  test.each([
    ['text', "'12.50'", 12.5],
    ['text', "'on request'", null],
    ['text', "'12,50'", null],
    ['money', '12.5', 12.5],
    ['double precision', "'NaN'", null],
    ['numeric', '1e400', null],
    ['integer', '12', 12],
  ])('with a price of type %s and value %s cost %s', async (type, value, price) => {
    const config = await makeTables({});
    const products = `${config.products}_priced`;
    await server.database.query(`create view ${products} as select 1 as id, ${value}::${type} as price`);

    const found = await (await load({ ...config, products })).findProducts(['1']);

    expect(found.get('1')?.price).toBe(price);
  });

  test.each([
    ['is_in_stock', 'true', true],
    ['stock_quantity', '3', true],
    ['stock', '0', false],
    ['quantity', '-1', false],
    ['inventory', '0.5::numeric', true],
    ['available', 'null::integer', null],
  ])('with a column %s of %s are in stock: %s', async (column, value, inStock) => {
    const config = await makeTables({});
    const products = `${config.products}_stocked`;
    await server.database.query(`create view ${products} as select 1 as id, ${value} as ${column}`);

    const found = await (await load({ ...config, products })).findProducts(['1']);

    expect(found.get('1')?.inStock).toBe(inStock);
  });
});

describe('images', () => {
  const products = [{ id: '1' }, { id: '2' }];

  test('come main first, then by position, then by key', async () => {
    const catalog = await makeCatalog({
      products,
      images: [
        { id: '1', productId: '1', url: 'no-position.jpg' },
        { id: '2', productId: '1', url: 'b.jpg', position: 2, isMain: false },
        { id: '3', productId: '1', url: 'main.jpg', position: 9, isMain: true },
        { id: '4', productId: '1', url: 'a.jpg', position: 1 },
        { id: '5', productId: '1', url: 'a-too.jpg', position: 1 },
      ],
    });

    const images = await catalog.imagesOfProducts(['1', '2', '3']);

    expect([...images.keys()]).toEqual(['1']);
    expect(ids(images.get('1'))).toEqual(['3', '4', '5', '2', '1']);
    expect(images.get('1')?.map(({ isMain }) => isMain)).toEqual([true, false, false, false, false]);
  });

  test('come with an empty URL where the shop has none', async () => {
    const catalog = await makeCatalog({
      products,
      images: [
        { id: '1', productId: '1', url: null, isMain: true },
        { id: '2', productId: '1', url: '  ', isMain: true },
        { id: '3', productId: '1', url: ' /3.jpg\n', isMain: true },
      ],
    });

    const page = await catalog.imagePage({ scope: 'main', after: null, until: null, limit: 9 });

    expect(page.map(({ url }) => url)).toEqual(['', '', '/3.jpg']);
  });

  test('of products that do not exist are left out of every scope', async () => {
    const catalog = await makeCatalog({
      products,
      images: [
        { id: '1', productId: '1', url: 'a.jpg', isMain: true },
        { id: '2', productId: '99', url: 'b.jpg', isMain: true },
        { id: '3', productId: null, url: 'c.jpg', isMain: true },
      ],
    });

    expect(await wholePage(catalog, 'all')).toEqual(['1']);
    expect(await catalog.countImages('main')).toBe(1);
    expect(await catalog.chunkEnds('all', 10)).toEqual(['1']);
    expect(await catalog.imagesInScope(['1', '2', '3'], 'all')).toEqual(new Set(['1']));
  });

  test('without a product are not found', async () => {
    const catalog = await makeCatalog({ images: [{ id: '3', productId: null, url: 'c.jpg' }] });

    expect(await catalog.findImages(['3'])).toEqual(new Map());
  });

  test.each([
    ['timestamptz', '2024-03-01T00:30:00.123456+01:00', '2024-02-29T23:30:00.123456Z'],
    ['timestamp', '2024-02-29T23:30:00.000001', '2024-02-29T23:30:00.000001Z'],
    ['date', '2024-02-29', '2024-02-29T00:00:00.000000Z'],
    ['timestamptz', 'infinity', null],
  ])('keep every microsecond of a change time of type %s', async (type, stored, updatedAt) => {
    const config = await makeTables({ products, images: [{ id: '1', productId: '1', url: 'a.jpg' }] });
    const catalog = await load(
      await withImageView(config, `id, product_id, image_url, '${stored}'::${type} as updated_at`),
    );

    expect((await catalog.findImages(['1'])).get('1')?.updatedAt).toBe(updatedAt);
  });
});

describe('the main images', () => {
  const products = [{ id: '1' }, { id: '2' }, { id: '3' }];
  const images = [
    { id: '1', productId: '1', url: 'a.jpg', isMain: true, position: 2 },
    { id: '2', productId: '1', url: 'b.jpg', isMain: true, position: 1 },
    { id: '3', productId: '2', url: 'c.jpg', isMain: false, position: 1 },
    { id: '4', productId: '2', url: 'd.jpg' },
  ];

  test('are those that the shop flags, and no others', async () => {
    const catalog = await makeCatalog({ products, images });

    expect(await wholePage(catalog, 'main')).toEqual(['1', '2']);
    expect(await catalog.countImages('main')).toBe(2);
    expect(await catalog.imagesInScope(['1', '2', '3', '4'], 'main')).toEqual(new Set(['1', '2']));
  });

  test('are the first by position where a product has two', async () => {
    const catalog = await makeCatalog({ products, images });

    expect(ids((await catalog.imagesOfProducts(['1'])).get('1'))).toEqual(['2', '1']);
  });

  test('are the first of each product by position where the shop has no flag', async () => {
    const catalog = await load(await withImageView(await makeTables({ products, images }), withoutFlag));
    const ofProducts = await catalog.imagesOfProducts(['1', '2', '3']);

    expect(await wholePage(catalog, 'main')).toEqual(['2', '3']);
    expect(await catalog.countImages('main')).toBe(2);
    expect(await catalog.chunkEnds('main', 1)).toEqual(['2', '3']);
    expect((await catalog.findImages(['1', '2'])).get('2')?.isMain).toBe(true);
    expect(ofProducts.get('1')?.map(({ id, isMain }) => [id, isMain])).toEqual([
      ['2', true],
      ['1', false],
    ]);
  });

  test('are the first of each product by key where the shop has no position either', async () => {
    const config = await withImageView(await makeTables({ products, images }), 'id, product_id, image_url');

    expect(await wholePage(await load(config), 'main')).toEqual(['1', '3']);
  });

  test('may be flagged by a number', async () => {
    const config = await makeTables({ products, images });
    const flagged = await withImageView(
      config,
      `${withoutFlag}, case id when 4 then 1 when 3 then 0 end as is_primary`,
    );

    expect(await wholePage(await load(flagged), 'main')).toEqual(['4']);
  });
});

describe('an empty catalogue', () => {
  test('has nothing, and says so without an error', async () => {
    const catalog = await makeCatalog({});

    expect(await catalog.countImages('main')).toBe(0);
    expect(await wholePage(catalog, 'all')).toEqual([]);
    expect(await catalog.chunkEnds('all', 100)).toEqual([]);
    expect(await catalog.findProducts(['1'])).toEqual(new Map());
    expect(await catalog.imagesOfProducts([])).toEqual(new Map());
  });
});

describe('ids that can not be keys', () => {
  const messageOf = (catalog: Catalog, id: string): string => {
    try {
      catalog.checkProductId(id, 'id');
      return 'accepted';
    } catch (error) {
      return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    }
  };

  test.each([
    [
      'integer',
      'abc',
      'must be a whole number: the key of this catalogue\'s products is integer, and "abc" is not one.',
    ],
    [
      'integer',
      '2147483648',
      "must be a whole number from -2147483648 to 2147483647: the key of this catalogue's products is integer, " +
        'and "2147483648" is not one.',
    ],
    ['uuid', '12', 'must be a UUID: the key of this catalogue\'s products is uuid, and "12" is not one.'],
    [
      'text',
      'a\0b',
      "must be well-formed text without NUL characters: the key of this catalogue's products is text, " +
        'and "a\\u0000b" is not one.',
    ],
    [
      'numeric',
      'x'.repeat(100),
      "must be a number of at most 100 digits: the key of this catalogue's products is numeric, " +
        `and "${'x'.repeat(60)}…" is not one.`,
    ],
  ])('are turned away where the key is %s', async (keyType, id, message) => {
    const catalog = await makeCatalog({ keyType });

    expect(messageOf(catalog, id)).toBe(`BadUserInputError: \`id\` ${message}`);
  });

  test.each([
    ['integer', '42'],
    ['uuid', uuid('1')],
    ['text', 'Sku/1 é'],
  ])('but not those that can, known or not, where the key is %s', async (keyType, id) => {
    expect(messageOf(await makeCatalog({ keyType }), id)).toBe('accepted');
  });

  test('are a conflict as bounds of a page', async () => {
    const catalog = await makeCatalog({});
    const page = catalog.imagePage({ scope: 'all', after: 'abc', until: null, limit: 1 });

    await expect(page).rejects.toMatchObject({
      code: 'CONFLICT',
      message:
        'The image key "abc" can\'t be one of this catalogue, whose images have keys of type integer: ' +
        'the catalogue was changed. Start a new backfill.',
    });
  });
});

describe('rights', () => {
  const rolledBack = new Error('rolled back');

  /** Runs `work` as a user who has been given `grants`; nothing of it stays. */
  async function asShopper(grants: readonly string[], work: (database: Queryable) => Promise<void>): Promise<void> {
    const attempt = server.database.transaction(async (tx) => {
      await tx.query('create role shopper');
      for (const grant of grants) await tx.query(`grant ${grant} to shopper`);
      await tx.query('set local role shopper');
      await work(tx);
      throw rolledBack;
    });
    await expect(attempt).rejects.toBe(rolledBack);
  }

  async function messageOf(config: CatalogConfig, database: Queryable): Promise<string> {
    return load(config, database).then(
      () => 'no error',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  }

  test('to select are asked for by name of the table', async () => {
    const config = await makeTables({});
    const [schema = ''] = config.products.split('.');
    const grants = [`usage on schema ${schema}`, `select on ${config.products}`];

    await asShopper(grants, async (database) => {
      expect(await messageOf(config, database)).toBe(
        'The catalogue is not usable.\n' +
          `  The database user may not read \`${config.images}\`. Grant it the right to select from it.`,
      );
    });
  });

  test('to use the schema are asked for', async () => {
    const config = await makeTables({});

    await asShopper([], async (database) => {
      expect(await messageOf(config, database)).toBe(
        'The catalogue is not usable.\n' +
          `  The database user may not read all of \`${config.products}\` and \`${config.images}\`. ` +
          'Grant it the right to use their schema and to select from them.',
      );
    });
  });

  test('to select single columns are enough, and a required one without it is named', async () => {
    const config = await makeTables({ products: [{ id: '1', title: 'Mug', price: 3 }] });
    const [schema = ''] = config.products.split('.');
    const grants = [`usage on schema ${schema}`, `select (id, title) on ${config.products}`];

    await asShopper([...grants, `select on ${config.images}`], async (database) => {
      const found = await (await load(config, database)).findProducts(['1']);
      expect(found.get('1')).toMatchObject({ title: 'Mug', price: null });
    });
    await asShopper([...grants, `select (id) on ${config.images}`], async (database) => {
      expect(await messageOf(config, database)).toContain(
        `\`${config.images}\` has no image_url column. Looked for: image_url, url. Found: id. ` +
          'Not readable for the database user: product_id, image_url, is_main_image, position, updated_at.',
      );
    });
  });
});

test('a table that goes away later is said to be gone', async () => {
  const config = await makeTables({});
  const catalog = await load(config);
  await server.database.query(`drop table ${config.products}`);

  await expect(catalog.findProducts(['1'])).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    message:
      'The catalogue no longer has a table or column that it had when Lookalike started. ' +
      'Restart Lookalike to read its tables anew.',
  });
});

test('a read-only session reads the catalogue and can not change it', async () => {
  const readOnly = await startEmptyTestDatabase({ maxConnections: 1 });
  const config = await createCatalog(readOnly.database, { keyType: 'integer', products: [{ id: '1' }], images: [] });
  await readOnly.database.query(READ_ONLY_SESSION);
  const catalog = await load(config, readOnly.database);

  expect((await catalog.findProducts(['1'])).size).toBe(1);
  await expect(readOnly.database.query(`delete from ${config.products}`)).rejects.toMatchObject({
    cause: { code: '25006' },
  });
  await readOnly.close();
});
