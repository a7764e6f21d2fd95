import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CatalogConfig } from '../../src/config.js';
import type { Catalog } from '../../src/services/catalog/catalog.js';
import { TestCatalogs } from '../support/test-catalogs.js';

let shops: TestCatalogs;

beforeAll(async () => {
  shops = await TestCatalogs.start();
});

afterAll(async () => {
  await shops.close();
});

/** The same catalogue through a view of its images, `columns` being its select list. */
async function withImageView(config: CatalogConfig, columns: string): Promise<CatalogConfig> {
  const images = `${config.images}_view`;
  await shops.database.query(`create view ${images} as select ${columns} from ${config.images}`);
  return { ...config, images };
}

const withoutFlag = 'id, product_id, image_url, position';

function ids(images: readonly { id: string }[] | undefined): string[] {
  return (images ?? []).map(({ id }) => id);
}

async function wholePage(catalog: Catalog, scope: 'main' | 'all'): Promise<string[]> {
  return ids(await catalog.imagePage({ scope, after: null, until: null, limit: 1000 }));
}

describe('images', () => {
  const products = [{ id: '1' }, { id: '2' }];

  test('come main first, then by position, then by key', async () => {
    const catalog = await shops.make({
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
    const catalog = await shops.make({
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
    const catalog = await shops.make({
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
    const catalog = await shops.make({ images: [{ id: '3', productId: null, url: 'c.jpg' }] });

    expect(await catalog.findImages(['3'])).toEqual(new Map());
  });

  test.each([
    ['timestamptz', '2024-03-01T00:30:00.123456+01:00', '2024-02-29T23:30:00.123456Z'],
    ['timestamp', '2024-02-29T23:30:00.000001', '2024-02-29T23:30:00.000001Z'],
    ['date', '2024-02-29', '2024-02-29T00:00:00.000000Z'],
    ['timestamptz', 'infinity', null],
  ])('keep every microsecond of a change time of type %s', async (type, stored, updatedAt) => {
    const config = await shops.makeTables({ products, images: [{ id: '1', productId: '1', url: 'a.jpg' }] });
    const catalog = await shops.load(
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
    const catalog = await shops.make({ products, images });

    expect(await wholePage(catalog, 'main')).toEqual(['1', '2']);
    expect(await catalog.countImages('main')).toBe(2);
    expect(await catalog.imagesInScope(['1', '2', '3', '4'], 'main')).toEqual(new Set(['1', '2']));
  });

  test('are the first by position where a product has two', async () => {
    const catalog = await shops.make({ products, images });

    expect(ids((await catalog.imagesOfProducts(['1'])).get('1'))).toEqual(['2', '1']);
  });

  test('are the first of each product by position where the shop has no flag', async () => {
    const catalog = await shops.load(await withImageView(await shops.makeTables({ products, images }), withoutFlag));
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
    const config = await withImageView(await shops.makeTables({ products, images }), 'id, product_id, image_url');

    expect(await wholePage(await shops.load(config), 'main')).toEqual(['1', '3']);
  });

  test('may be flagged by a number', async () => {
    const config = await shops.makeTables({ products, images });
    const flagged = await withImageView(
      config,
      `${withoutFlag}, case id when 4 then 1 when 3 then 0 end as is_primary`,
    );

    expect(await wholePage(await shops.load(flagged), 'main')).toEqual(['4']);
  });
});
