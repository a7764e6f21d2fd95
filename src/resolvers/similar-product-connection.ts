import type { SearchResult } from '../services/search.js';
import { pageInfoOf } from './types/page-info-type.js';
import type { SimilarProductConnectionType } from './types/similar-product-types.js';

/**
 * A search's answer in the shape of the API.
 *
 * @param after - the cursor that the page began behind.
 */
export function toSimilarProductConnection(
  result: SearchResult,
  after: string | null | undefined,
): SimilarProductConnectionType {
  const edges = result.matches.map(({ product, image, ...match }) => ({ ...match, node: product, image }));
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: pageInfoOf(edges, { hasNext: result.hasMore, after }),
    status: result.status,
    model: result.model,
  };
}
