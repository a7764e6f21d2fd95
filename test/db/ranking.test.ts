import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCatalogLoaders } from '../../src/services/catalog/catalog-loaders.js';
import type { ProductFilter } from '../../src/services/catalog/product-filter.js';
import {
  FILTER_LIMITS,
  rankProducts,
  type FilterLimits,
  type RankingPage,
  type RankingRequest,
} from '../../src/services/ranking.js';
import type { MatchKey } from '../../src/services/vector/search-sql.js';
import { vectorSessionSettings } from '../../src/services/vector/session-settings.js';
import { startTestDatabase, type TestDatabase } from '../support/database.js';
import { bruteForce, DIMENSIONS, embed, makeRankingShop, type RankingShop } from '../support/ranking-fixture.js';
import { makeRecordedLog } from '../support/recorded-log.js';
import { silentLog } from '../support/silent-log.js';
import { TestCatalogs } from '../support/test-catalogs.js';
import { vectorOf } from '../support/vectors.js';

const PRODUCTS = 700;

let db: TestDatabase;
let catalogs: TestCatalogs;
let exact: RankingShop;
let indexed: RankingShop;

beforeAll(async () => {
  db = await startTestDatabase({ onConnect: vectorSessionSettings({ efSearch: 200, probes: 32, engine: 'embedded' }) });
  catalogs = await TestCatalogs.start();
  exact = await makeRankingShop({ catalogs, db }, { name: 'exact', products: PRODUCTS });
  indexed = await makeRankingShop(
    { catalogs, db },
    { name: 'hnsw', products: PRODUCTS, kind: 'hnsw', exactSearchRows: 10 },
  );
});
afterAll(async () => {
  await catalogs.close();
  await db.close();
});

interface Wanted {
  seed: number;
  limit: number;
  filter: ProductFilter | null;
  excluded: string[];
  minSimilarity: number | null;
  limits: FilterLimits;
}

function requestFor(shop: RankingShop, wanted: Wanted, after: MatchKey | null = null): RankingRequest {
  const vector = vectorOf(wanted.seed, DIMENSIONS);
  return {
    query: { model: shop.model, vector, identity: '', excludedProductIds: [], picture: null },
    limit: wanted.limit,
    after,
    filter: wanted.filter,
    excludedProductIds: wanted.excluded,
    minSimilarity: wanted.minSimilarity,
    loaders: makeCatalogLoaders(shop.catalog),
  };
}

function rank(shop: RankingShop, wanted: Wanted, after: MatchKey | null = null): Promise<RankingPage> {
  return rankProducts({ ...shop, log: silentLog, limits: wanted.limits }, requestFor(shop, wanted, after));
}

function expected(shop: RankingShop, wanted: Wanted) {
  return bruteForce(shop, vectorOf(wanted.seed, DIMENSIONS), wanted);
}

const idsOf = ({ ranked }: RankingPage) => ranked.map(({ product }) => product.id);

const filters: fc.Arbitrary<ProductFilter> = fc.record({
  categories: fc.option(fc.subarray(['mugs', 'lamps', 'chairs', 'unknown'], { minLength: 1 })),
  brands: fc.constant(null),
  price: fc.option(
    fc
      .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }))
      .map(([one, other]) => ({ min: Math.min(one, other), max: Math.max(one, other) })),
  ),
  inStock: fc.option(fc.boolean()),
  attributes: fc.constant([]),
});

const anyWanted: fc.Arbitrary<Wanted> = fc.record({
  seed: fc.integer({ min: 1, max: 1e6 }),
  limit: fc.integer({ min: 1, max: 100 }),
  filter: fc.option(filters),
  excluded: fc.uniqueArray(fc.integer({ min: 1, max: PRODUCTS }).map(String), { maxLength: 20 }),
  minSimilarity: fc.option(fc.double({ min: -1, max: 1, noNaN: true })),
  // Few products make a list of every filter; a shop of many has all of these.
  limits: fc.record({
    shortList: fc.constantFrom(5000, 20),
    longWalk: fc.constantFrom(5000, 50),
    longList: fc.constantFrom(5000, 100),
  }),
});

/** All products, from the most alike. */
const EVERYTHING = { filter: null, excluded: [], minSimilarity: null, limits: FILTER_LIMITS };

/** Of the picture that many products share. */
const SHARED_PICTURE = 1;

describe('a ranking that compares with every row', () => {
  it('is what a plain look at everything gives, and full whenever there are enough', async () => {
    await fc.assert(
      fc.asyncProperty(anyWanted, async (wanted) => {
        const all = await expected(exact, wanted);
        const page = await rank(exact, wanted);
        expect(page.ranked.map(({ product, key }) => ({ id: product.id, key }))).toEqual(all.slice(0, wanted.limit));
        expect(page.hasMore).toBe(all.length > wanted.limit);
      }),
      { numRuns: 60 },
    );
  });

  it('goes on page by page, in order, disjoint and complete to its end', async () => {
    await fc.assert(
      fc.asyncProperty(anyWanted, fc.integer({ min: 7, max: 100 }), async (wanted, limit) => {
        const all = await expected(exact, wanted);
        expect(await pagesOf(exact, { ...wanted, limit })).toEqual(all.map(({ id }) => id));
      }),
      { numRuns: 15 },
    );
  });

  it('orders pictures that are equally far by their id, also across pages', async () => {
    const wanted = { ...EVERYTHING, seed: SHARED_PICTURE, limit: 7 };
    const all = await expected(exact, wanted);
    const ties = all.filter(({ key }) => key.distance === all[0]?.key.distance);
    expect(ties.length).toBeGreaterThan(20);
    expect((await pagesOf(exact, wanted)).slice(0, ties.length)).toEqual(ties.map(({ id }) => id));
  });

  it('leaves nothing out and shows nothing twice while rows are being added', async () => {
    const shop = await makeRankingShop({ catalogs, db }, { name: 'growing', products: PRODUCTS, late: 200 });
    const wanted = { ...EVERYTHING, seed: 99, limit: 40 };
    const before = (await expected(shop, wanted)).map(({ id }) => id);
    const coming = [...shop.late];
    const seen = await pagesOf(shop, wanted, () => embed(shop, coming.splice(0, 40)));
    expect(coming).toEqual([]);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => before.includes(id))).toEqual(before);
    // Some of the new ones came behind the page of the moment, some before it.
    expect(seen.length).toBeGreaterThan(before.length);
    expect(seen.length).toBeLessThan((await expected(shop, wanted)).length);
  });
});

describe('a ranking through an index', () => {
  it('gives full pages that match, in order, and nearly what a plain look at everything gives', async () => {
    let [found, wanting] = [0, 0];
    await fc.assert(
      fc.asyncProperty(anyWanted, async (wanted) => {
        const all = await expected(indexed, wanted);
        const places = new Map(all.map(({ id }, place) => [id, place]));
        const page = await rank(indexed, wanted);
        const ranks = idsOf(page).map((id) => places.get(id) ?? NaN);
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
        expect(page.ranked).toHaveLength(Math.min(wanted.limit, all.length));
        expect(page.hasMore).toBe(all.length > wanted.limit);
        wanting += page.ranked.length;
        found += ranks.filter((place) => place < wanted.limit).length;
      }),
      { numRuns: 60 },
    );
    expect(found / wanting).toBeGreaterThan(0.98);
  });

  it('goes on page by page to its end, in order, and shows nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(anyWanted, fc.integer({ min: 7, max: 100 }), async (wanted, limit) => {
        const places = new Map((await expected(indexed, wanted)).map(({ id }, place) => [id, place]));
        const ranks = (await pagesOf(indexed, { ...wanted, limit })).map((id) => places.get(id) ?? NaN);
        expect(ranks).toEqual([...new Set(ranks)].sort((a, b) => a - b));
        expect(ranks.length).toBeGreaterThanOrEqual(0.98 * places.size);
      }),
      { numRuns: 15 },
    );
  });

  it('shows all products of one picture, however they are spread over pages', async () => {
    const wanted = { ...EVERYTHING, seed: SHARED_PICTURE, limit: 7, minSimilarity: 0.999 };
    const all = (await expected(indexed, wanted)).map(({ id }) => id);
    expect(all.length).toBeGreaterThan(20);
    expect(await pagesOf(indexed, wanted)).toEqual(all);
  });
});

describe('a ranking through an index that gives up', () => {
  it('is as full and as complete, since the rest is compared row by row', async () => {
    // It keeps so few candidates that it ends in the midst of one picture: a candidate stands for up to ten equal vectors.
    const settings = 'set hnsw.ef_search = 4; set hnsw.iterative_scan = off; set random_page_cost = 1.1';
    const other = await startTestDatabase({ onConnect: settings });
    const options = { name: 'giving-up', products: PRODUCTS, kind: 'hnsw', exactSearchRows: 10 } as const;
    const shop = await makeRankingShop({ catalogs, db: other }, options);
    for (const seed of [SHARED_PICTURE, 5]) {
      const wanted = { ...EVERYTHING, seed, limit: 7 };
      const places = new Map((await expected(shop, wanted)).map(({ id }, place) => [id, place]));
      const ranks = (await pagesOf(shop, wanted)).map((id) => places.get(id) ?? NaN);
      expect(ranks).toEqual([...new Set(ranks)].sort((a, b) => a - b));
      expect(ranks.length).toBeGreaterThanOrEqual(0.98 * places.size);
      expect(await rank(shop, { ...wanted, limit: 100 })).toMatchObject({ hasMore: true, ranked: { length: 100 } });
    }
    const ofOnePicture = { ...EVERYTHING, seed: SHARED_PICTURE, limit: 7, minSimilarity: 0.999 };
    const all = (await expected(shop, ofOnePicture)).map(({ id }) => id);
    expect(await pagesOf(shop, ofOnePicture)).toEqual(all);
    await other.close();
  });
});

describe('a ranking through lists that are read one after another', () => {
  it('is full, in order, and shows nothing twice', async () => {
    const settings = vectorSessionSettings({ efSearch: 200, probes: 2, engine: 'embedded' });
    const other = await startTestDatabase({ onConnect: settings });
    const options = { name: 'lists', products: PRODUCTS, kind: 'ivfflat', exactSearchRows: 10 } as const;
    const shop = await makeRankingShop({ catalogs, db: other }, options);
    await fc.assert(
      fc.asyncProperty(anyWanted, fc.integer({ min: 7, max: 100 }), async (wanted, limit) => {
        const places = new Map((await expected(shop, wanted)).map(({ id }, place) => [id, place]));
        const page = await rank(shop, wanted);
        expect(page.ranked).toHaveLength(Math.min(wanted.limit, places.size));
        const ranks = (await pagesOf(shop, { ...wanted, limit })).map((id) => places.get(id) ?? NaN);
        expect(ranks).toEqual([...new Set(ranks)].sort((a, b) => a - b));
      }),
      { numRuns: 15 },
    );
    await other.close();
  });
});

describe('the way a filter is answered', () => {
  const filter = { categories: ['mugs'], brands: null, price: null, inStock: true, attributes: [] };
  const matching = () =>
    indexed.products.filter(({ category, inStock }) => category === 'mugs' && inStock === true).length;

  async function lineOf(limits: Partial<FilterLimits>, minSimilarity: number | null = null): Promise<unknown> {
    const { log, entries } = makeRecordedLog('debug');
    const wanted = { ...EVERYTHING, seed: 3, limit: 12, filter, minSimilarity };
    const parts = { ...indexed, log, limits: { ...FILTER_LIMITS, ...limits } };
    await rankProducts(parts, requestFor(indexed, wanted));
    return entries.find(({ msg }) => msg === 'ranked products');
  }

  it('is a list where few products match', async () => {
    expect(await lineOf({})).toMatchObject({ filter: 'list', matching: matching(), form: 'exact', windows: 1 });
  });

  it('is a walk through the nearest where many do', async () => {
    expect(await lineOf({ shortList: matching() - 1 })).toMatchObject({
      filter: 'walk',
      matching: null,
      form: 'approximate',
    });
  });

  it('becomes a list where a walk leads too far', async () => {
    expect(await lineOf({ shortList: 10, longWalk: 10 })).toMatchObject({ filter: 'list', matching: matching() });
    expect(await lineOf({ shortList: 10, longWalk: 10, longList: 10 })).toMatchObject({ filter: 'walk' });
  });
});

async function pagesOf(shop: RankingShop, wanted: Wanted, between = () => Promise.resolve()): Promise<string[]> {
  const seen: string[] = [];
  let after: MatchKey | null = null;
  for (;;) {
    const page: RankingPage = await rank(shop, wanted, after);
    seen.push(...idsOf(page));
    after = page.ranked.at(-1)?.key ?? null;
    if (!page.hasMore) return seen;
    expect(page.ranked).toHaveLength(wanted.limit);
    await between();
  }
}
