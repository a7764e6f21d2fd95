import { skipToken, useQuery } from '@apollo/client/react';
import {
  SearchProductsDocument,
  type ProductFilter,
  type SearchCounterexampleInput,
  type SearchPictureInput,
  type SearchProductsInput,
  type SearchWeightsInput,
} from './generated/operations.js';
import { useProductPages, type ProductPages } from './use-product-pages.js';

/** What products should look like. Without words and pictures nothing is asked. */
export interface VisualSearchOptions {
  /** Words, such as "red striped mug". */
  text?: string | null;
  /** A photograph, by the id that `useQueryImage` gave. */
  queryImageId?: string | null;
  /** Products of the shop to look like. They are left out of the answer. */
  productIds?: readonly string[];
  /** What products should not look like. */
  unlike?: readonly SearchCounterexampleInput[];
  /** How much each part counts. */
  weights?: SearchWeightsInput;
  filter?: ProductFilter | null;
  /** Leave out products that are less alike than this, from -1 to 1. */
  minSimilarity?: number | null;
  /** Products a page, from 1 to 100. Default: 24. */
  pageSize?: number;
}

/** Products that look like words, a photograph, products of the shop, or all of them together. */
export function useVisualSearch({ pageSize = 24, ...question }: VisualSearchOptions): ProductPages {
  const input = inputOf(question);
  const query = useQuery(
    SearchProductsDocument,
    input === null ? skipToken : { variables: { input, limit: pageSize } },
  );
  return useProductPages(query, query.data?.searchProducts, input);
}

function inputOf(question: Omit<VisualSearchOptions, 'pageSize'>): SearchProductsInput | null {
  const text = question.text?.trim() ?? '';
  const images = picturesOf(question);
  if (text === '' && images.length === 0) return null;
  const { unlike = [], weights, filter, minSimilarity } = question;
  return {
    ...(text !== '' && { text }),
    ...(images.length > 0 && { images }),
    ...(unlike.length > 0 && { unlike: [...unlike] }),
    ...(weights !== undefined && { weights }),
    ...(filter != null && { filter }),
    ...(minSimilarity != null && { minSimilarity }),
  };
}

function picturesOf({ queryImageId, productIds = [] }: VisualSearchOptions): SearchPictureInput[] {
  const photographs = queryImageId == null ? [] : [{ queryImageId }];
  return [...photographs, ...productIds.map((productId) => ({ productId }))];
}
