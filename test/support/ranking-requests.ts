import fc from 'fast-check';
import { expect } from 'vitest';
import { NO_OBSERVER } from '../../src/observer.js';
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
import { bruteForce, DIMENSIONS, type RankingShop } from './ranking-fixture.js';
import { silentLog } from './silent-log.js';
import { vectorOf } from './vectors.js';

/** Products of the shops that {@link anyWanted} is for. */
export const PRODUCTS = 700;

/** What is asked of a ranking. `seed` makes the vector. */
export interface Wanted {
  seed: number;
  limit: number;
  filter: ProductFilter | null;
  excluded: string[];
  minSimilarity: number | null;
  limits: FilterLimits;
}

export function requestFor(shop: RankingShop, wanted: Wanted, after: MatchKey | null = null): RankingRequest {
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

export function rank(shop: RankingShop, wanted: Wanted, after: MatchKey | null = null): Promise<RankingPage> {
  return rankProducts(
    { ...shop, observer: NO_OBSERVER, log: silentLog, limits: wanted.limits },
    requestFor(shop, wanted, after),
  );
}

export function expected(shop: RankingShop, wanted: Wanted) {
  return bruteForce(shop, vectorOf(wanted.seed, DIMENSIONS), wanted);
}

export const idsOf = ({ ranked }: RankingPage) => ranked.map(({ product }) => product.id);

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

export const anyWanted: fc.Arbitrary<Wanted> = fc.record({
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
export const EVERYTHING = { filter: null, excluded: [], minSimilarity: null, limits: FILTER_LIMITS };

/** Of the picture that many products share. */
export const SHARED_PICTURE = 1;

/** The ids of all pages, one after another, to the end. `between` happens before each further one. */
export async function pagesOf(shop: RankingShop, wanted: Wanted, between = () => Promise.resolve()): Promise<string[]> {
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
