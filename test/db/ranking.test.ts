import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_OBSERVER } from '../../src/observer.js';
import { vectorSessionSettings } from '../../src/services/vector/session-settings.js';
import { FILTER_LIMITS, rankProducts, type FilterLimits } from '../../src/services/ranking.js';
import { startTestDatabase, type TestDatabase } from '../support/database.js';
import { embed, makeRankingShop, type RankingShop } from '../support/ranking-fixture.js';
import {
  anyWanted,
  EVERYTHING,
  expected,
  pagesOf,
  PRODUCTS,
  rank,
  requestFor,
  SHARED_PICTURE,
} from '../support/ranking-requests.js';
import { makeRecordedLog } from '../support/recorded-log.js';
import { TestCatalogs } from '../support/test-catalogs.js';

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

describe('the way a filter is answered', () => {
  const filter = { categories: ['mugs'], brands: null, price: null, inStock: true, attributes: [] };
  const matching = () =>
    indexed.products.filter(({ category, inStock }) => category === 'mugs' && inStock === true).length;

  async function lineOf(limits: Partial<FilterLimits>, minSimilarity: number | null = null): Promise<unknown> {
    const { log, entries } = makeRecordedLog('debug');
    const wanted = { ...EVERYTHING, seed: 3, limit: 12, filter, minSimilarity };
    const parts = { ...indexed, observer: NO_OBSERVER, log, limits: { ...FILTER_LIMITS, ...limits } };
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
