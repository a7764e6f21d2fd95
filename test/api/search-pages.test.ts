import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numberedCatalog, type CatalogFixture } from '../support/catalog-fixture.js';
import { startPostgresProxy } from '../support/postgres-proxy.js';
import { makeQueryImage } from '../support/query-images.js';
import { startReplica } from '../support/replica.js';
import { allPages, idsOf, refusalOf, searchPage } from '../support/search-operations.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';

const PRODUCTS = 60;

/** Each product has the pictures of two numbers, the second one that of the product after it. */
function twoPicturesEach(): CatalogFixture {
  const catalog = numberedCatalog(PRODUCTS);
  const second = catalog.products.map(({ id }) => ({
    id: String(1000 + Number(id)),
    productId: id,
    url: `${1 + (Number(id) % PRODUCTS)}.jpg`,
    isMain: false,
  }));
  return { ...catalog, images: [...catalog.images, ...second] };
}

let shop: TestShop;

beforeAll(async () => {
  shop = await startTestShop({ catalog: twoPicturesEach(), env: { BACKFILL_IMAGES: 'all' } });
  await shop.backfill();
});
afterAll(() => shop.close());

const REFUSED = [
  'INVALID_CURSOR',
  '`after` is not a cursor of this search: it was changed, or belongs to another query, filter or model. Begin again without it.',
  'after',
];

describe('pages', () => {
  it('of a product are those of the whole answer, in order', async () => {
    const whole = await searchPage(shop, 'similarToProduct', { id: '7', limit: 100 });
    expect(idsOf(whole)).toHaveLength(PRODUCTS - 1);
    const pages = await allPages(shop, 'similarToProduct', { id: '7', limit: 8 });
    expect(idsOf(...pages)).toEqual(idsOf(whole));
    expect(pages.map(({ pageInfo }) => pageInfo.hasPreviousPage)).toEqual(pages.map((_page, index) => index > 0));
  });

  it('of a photograph and of a query image are those of the whole answer', async () => {
    const image = await testPhotograph(7);
    const whole = idsOf(await searchPage(shop, 'similarProducts', { image, limit: 100 }));
    expect(whole).toHaveLength(PRODUCTS);
    expect(idsOf(...(await allPages(shop, 'similarProducts', { image, limit: 25 })))).toEqual(whole);
    const queryImageId = await makeQueryImage(shop, image);
    expect(idsOf(...(await allPages(shop, 'similarProducts', { queryImageId, limit: 25 })))).toEqual(whole);
  });

  it('may begin behind any edge, and have another length', async () => {
    const whole = await searchPage(shop, 'similarToProduct', { id: '7', limit: 30 });
    for (const place of [0, 10, 28]) {
      const after = whole.edges[place]?.cursor;
      const page = await searchPage(shop, 'similarToProduct', { id: '7', limit: 3, after });
      expect(idsOf(page)).toEqual(
        idsOf(await searchPage(shop, 'similarToProduct', { id: '7', limit: place + 4 })).slice(place + 1),
      );
    }
  });

  it('go on at another server', async () => {
    const replica = await startReplica(shop, { workers: 0 });
    const first = await searchPage(shop, 'similarToProduct', { id: '7', limit: 9 });
    const after = first.pageInfo.endCursor;
    const next = await searchPage(replica, 'similarToProduct', { id: '7', limit: 9, after });
    expect(idsOf(first, next)).toEqual(idsOf(await searchPage(shop, 'similarToProduct', { id: '7', limit: 18 })));
    await replica.app.close();
  });

  it('belong to one query and one filter', async () => {
    const { pageInfo } = await searchPage(shop, 'similarToProduct', { id: '7', limit: 3 });
    const after = pageInfo.endCursor;
    expect(await refusalOf(shop, 'similarToProduct', { id: '8', after })).toEqual(REFUSED);
    expect(await refusalOf(shop, 'similarToProduct', { id: '7', after, minSimilarity: 0.1 })).toEqual(REFUSED);
    expect(await refusalOf(shop, 'similarToProduct', { id: '7', after, filter: { inStock: true } })).toEqual(REFUSED);
    expect(await refusalOf(shop, 'similarToProduct', { id: '7', after, filter: { excludeIds: ['3'] } })).toEqual(
      REFUSED,
    );
    expect(await refusalOf(shop, 'similarProducts', { image: await testPhotograph(7), after })).toEqual(REFUSED);
    expect(await refusalOf(shop, 'similarToProduct', { id: '7', after: 'WzEsMl0' })).toEqual(REFUSED);
    expect(await refusalOf(shop, 'similarToProduct', { id: '7', after: '' })).toEqual(REFUSED);
  });

  it('do not mind in which order a filter names things', async () => {
    const filter = { brands: ['b', 'a', 'b'], excludeIds: ['3', '2'] };
    const first = await searchPage(shop, 'similarToProduct', {
      id: '7',
      limit: 3,
      filter: { excludeIds: ['3', '02'] },
    });
    const after = first.pageInfo.endCursor;
    const next = { id: '7', limit: 3, after, filter: { excludeIds: ['2', '3', '3'] } };
    expect(idsOf(await searchPage(shop, 'similarToProduct', next))).toHaveLength(3);
    expect(await refusalOf(shop, 'similarToProduct', { id: '7', after, filter })).toEqual(REFUSED);
  });

  it('of a product end where it gets another picture', async () => {
    const { pageInfo } = await searchPage(shop, 'similarToProduct', { id: '9', limit: 3 });
    await shop.changeCatalogue(`update product_images set image_url = '33.jpg' where id = 9`);
    await shop.backfill();
    expect(await refusalOf(shop, 'similarToProduct', { id: '9', after: pageInfo.endCursor })).toEqual(REFUSED);
  });
});

describe('one row a product', () => {
  it('has its best picture, and says how alike it is', async () => {
    const { edges } = await searchPage(shop, 'similarProducts', { image: await testPhotograph(21), limit: 3 });
    const found = edges.map(({ node, image, matchKind }) => [node.id, image.id, matchKind]);
    // The second picture of 20 is the very file that is the first of 21.
    expect(found.slice(0, 2)).toEqual(
      expect.arrayContaining([
        ['20', '1020', 'SAME_IMAGE'],
        ['21', '21', 'SAME_IMAGE'],
      ]),
    );
    expect(found[2]?.[2]).toBe('SIMILAR');
  });
});

describe('a page of product cards', () => {
  const CARDS = `{ similarToProduct(id: "5", limit: 50) {
    edges { similarity node { id title price inStock mainImage { id url } images { id url isMain } } image { url } }
  } }`;

  it('costs one statement for each of the two relations', async () => {
    const proxy = await startPostgresProxy(shop.config.catalogDatabaseUrl ?? '');
    const config = { ...shop.config, catalogDatabaseUrl: proxy.url };
    const replica = await startReplica({ ...shop, config }, { workers: 0 });
    const before = proxy.statements.length;
    const { data } = await replica.query(CARDS);
    const { edges } = data?.similarToProduct as { edges: { node: { images: unknown[] } }[] };
    expect(edges).toHaveLength(50);
    expect(edges.every(({ node }) => node.images.length === 2)).toBe(true);
    const statements = proxy.statements.slice(before).filter((sql) => !sql.startsWith('set '));
    expect(statements.filter((sql) => /product_images"? i\b/.test(sql))).toHaveLength(1);
    expect(statements.filter((sql) => /products"? p\b/.test(sql))).toHaveLength(1);
    expect(statements).toHaveLength(2);
    await replica.app.close();
    await proxy.close();
  });
});
