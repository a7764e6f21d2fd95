import { skipToken, useQuery } from '@apollo/client/react';
import { SimilarToProductDocument, type ProductFilter } from './generated/operations.js';
import { useProductPages, type ProductPages } from './use-product-pages.js';

export interface SimilarProductsOptions {
  filter?: ProductFilter | null;
  /** Leave out products that are less alike than this, from -1 to 1. */
  minSimilarity?: number | null;
  /** Products a page, from 1 to 100. Default: 12. */
  pageSize?: number;
}

/**
 * Products that look like one of the shop's own, for its page.
 *
 * @param productId - null asks nothing.
 */
export function useSimilarProducts(productId: string | null, options: SimilarProductsOptions = {}): ProductPages {
  const { filter = null, minSimilarity = null, pageSize = 12 } = options;
  const variables = productId === null ? null : { id: productId, filter, minSimilarity, limit: pageSize };
  const query = useQuery(SimilarToProductDocument, variables === null ? skipToken : { variables });
  return useProductPages(query, query.data?.similarToProduct, variables);
}
