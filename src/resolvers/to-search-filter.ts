import type { AttributeFilter, ProductFilter, ValueRange } from '../services/catalog/product-filter.js';
import type { AttributeFilterInput, PriceRangeInput, ProductFilterInput } from './types/product-filter-input.js';

/** What of a client's filter the catalogue answers, and what is left out of the search. */
export interface SearchFilter {
  /** As it was sent: `Catalog.checkFilter` says whether this catalogue can answer it. Null where nothing was sent. */
  filter: ProductFilter | null;
  /** As they were sent: `Catalog.canonicalProductIds` says whether they can be ids. */
  excludeIds: string[];
}

/** Takes a client's `filter` argument apart. */
export function toSearchFilter(input: ProductFilterInput | null | undefined): SearchFilter {
  if (input === null || input === undefined) return { filter: null, excludeIds: [] };
  const filter = {
    categories: input.categories ?? null,
    brands: input.brands ?? null,
    price: toRange(input.price),
    inStock: input.inStock ?? null,
    attributes: (input.attributes ?? []).map(toAttributeFilter),
  };
  return { filter, excludeIds: input.excludeIds ?? [] };
}

function toAttributeFilter(input: AttributeFilterInput): AttributeFilter {
  return { name: input.name, values: input.values ?? null, range: toRange(input) };
}

function toRange(input: PriceRangeInput | null | undefined): ValueRange | null {
  const range = { min: input?.min ?? null, max: input?.max ?? null };
  return range.min === null && range.max === null ? null : range;
}
