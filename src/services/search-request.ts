import { BadUserInputError } from '../errors.js';
import { MAX_SEARCH_LIMIT } from '../types.js';
import type { ProductFilter } from './catalog/product-filter.js';

/** Which part of a ranking is asked for. */
export interface SearchRequest {
  /** 1 to {@link MAX_SEARCH_LIMIT}. */
  limit: number;
  /** The cursor to go on behind; null begins with the most alike. */
  after: string | null;
  /** What products have to be like; null takes all. */
  filter: ProductFilter | null;
  /** Products to leave out. */
  excludedProductIds: readonly string[];
  /** Leave out what is less alike; null keeps all. */
  minSimilarity: number | null;
}

/** Products that a search may be told to leave out. */
export const MAX_EXCLUDED_PRODUCTS = 1000;

/** A page from the beginning, with nothing left out. */
export function wholeRanking(limit: number): SearchRequest {
  return { limit, after: null, filter: null, excludedProductIds: [], minSimilarity: null };
}

/**
 * What a request narrows a ranking to, in a form that is the same for the same narrowing: the order of what is in a list says
 * nothing.
 */
export function bindingOf(request: Omit<SearchRequest, 'after'>): unknown[] {
  const { filter, excludedProductIds, minSimilarity } = request;
  return [filter && inOrder(filter), [...excludedProductIds].sort(), minSimilarity];
}

function inOrder({ categories, brands, attributes, ...others }: ProductFilter): ProductFilter {
  const sorted = (values: readonly string[] | null) => values && [...new Set(values)].sort();
  return {
    categories: sorted(categories),
    brands: sorted(brands),
    attributes: attributes.map((attribute) => ({ ...attribute, values: sorted(attribute.values) })),
    ...others,
  };
}

/** @throws BadUserInputError for numbers out of bounds. */
export function checkBounds({ limit, minSimilarity, excludedProductIds }: SearchRequest): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_SEARCH_LIMIT) {
    throw new BadUserInputError('limit', `\`limit\` must be from 1 to ${MAX_SEARCH_LIMIT}, and ${limit} is not.`);
  }
  if (minSimilarity !== null && !(minSimilarity >= -1 && minSimilarity <= 1)) {
    throw new BadUserInputError(
      'minSimilarity',
      `\`minSimilarity\` must be from -1 to 1, and ${minSimilarity} is not.`,
    );
  }
  if (excludedProductIds.length > MAX_EXCLUDED_PRODUCTS) {
    throw new BadUserInputError(
      'filter.excludeIds',
      `\`filter.excludeIds\` may name at most ${MAX_EXCLUDED_PRODUCTS} products, and has ${excludedProductIds.length}.`,
    );
  }
}
