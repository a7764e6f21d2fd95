import { useVisualSearch, type ProductPages } from '@lookalike/apollo';
import { toProductFilter, type SearchQuestion } from './search-params.js';

/** Divides by two, three, four and six: rows are full whatever their length. */
export const PAGE_SIZE = 24;

/** The products that answer a question. */
export function useSearch({ words, photo, likes, filters }: SearchQuestion): ProductPages {
  return useVisualSearch({
    text: words,
    queryImageId: photo,
    productIds: likes,
    filter: toProductFilter(filters),
    pageSize: PAGE_SIZE,
  });
}
