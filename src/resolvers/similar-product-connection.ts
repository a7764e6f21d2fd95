import type { SearchResult } from '../services/search.js';
import { encodeCursor } from './cursor.js';
import { pageInfoOf } from './types/page-info-type.js';
import type { SimilarProductConnectionType } from './types/similar-product-types.js';

/** A search's answer in the shape of the API. */
export function toSimilarProductConnection(result: SearchResult): SimilarProductConnectionType {
  const edges = result.matches.map(({ product, image, similarity }) => ({
    cursor: encodeCursor([similarity, product.id]),
    node: product,
    similarity,
    image,
  }));
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: pageInfoOf(edges, { hasNext: result.hasMore }),
    status: result.status,
    model: result.model,
  };
}
