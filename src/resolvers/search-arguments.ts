import { ArgsType, Field, Float, Int } from 'type-graphql';
import type { SearchRequest } from '../services/search-request.js';
import { MAX_SEARCH_LIMIT } from '../types.js';
import { toSearchFilter } from './to-search-filter.js';
import { ProductFilterInput } from './types/product-filter-input.js';

/** How many products a page has unless the client says otherwise. */
const DEFAULT_LIMIT = 12;

/** Which part of a ranking is asked for: the arguments that page through it. */
@ArgsType()
export class PageArguments {
  @Field(() => Int, {
    defaultValue: DEFAULT_LIMIT,
    description: `How many products to return at most, from 1 to ${MAX_SEARCH_LIMIT}.`,
  })
  limit!: number;

  @Field(() => String, {
    nullable: true,
    description: `Return what comes after this cursor, an edge's \`cursor\` or a page's \`endCursor\`. It belongs to one query with one
filter and model; \`limit\` may change.`,
  })
  after?: string | null | undefined;
}

/** The arguments of every search by pictures. */
@ArgsType()
export class SearchArguments extends PageArguments {
  @Field(() => ProductFilterInput, {
    nullable: true,
    description: 'Only products like this. The page is full all the same, whenever there are enough of them.',
  })
  filter?: ProductFilterInput | null | undefined;

  @Field(() => Float, {
    nullable: true,
    description: 'Leave out products that are less alike than this, from -1 to 1.',
  })
  minSimilarity?: number | null | undefined;
}

/** The request as services take it. */
export function toSearchRequest(given: SearchArguments): SearchRequest {
  const { filter, excludeIds } = toSearchFilter(given.filter);
  return {
    limit: given.limit,
    after: given.after ?? null,
    filter,
    excludedProductIds: excludeIds,
    minSimilarity: given.minSimilarity ?? null,
  };
}
