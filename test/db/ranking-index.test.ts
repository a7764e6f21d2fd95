import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { vectorSessionSettings } from '../../src/services/vector/session-settings.js';
import { startTestDatabase, type TestDatabase } from '../support/database.js';
import { makeRankingShop, type RankingShop } from '../support/ranking-fixture.js';
import {
  anyWanted,
  EVERYTHING,
  expected,
  idsOf,
  pagesOf,
  PRODUCTS,
  rank,
  SHARED_PICTURE,
} from '../support/ranking-requests.js';
import { TestCatalogs } from '../support/test-catalogs.js';

let db: TestDatabase;
let catalogs: TestCatalogs;
let indexed: RankingShop;

beforeAll(async () => {
  db = await startTestDatabase({ onConnect: vectorSessionSettings({ efSearch: 200, probes: 32, engine: 'embedded' }) });
  catalogs = await TestCatalogs.start();
  indexed = await makeRankingShop(
    { catalogs, db },
    { name: 'hnsw', products: PRODUCTS, kind: 'hnsw', exactSearchRows: 10 },
  );
});
afterAll(async () => {
  await catalogs.close();
  await db.close();
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
