import { formatPrice } from '../../ui/format-price.js';
import { NO_FILTERS, type SearchFilters } from '../search-params.js';

/** What becomes of the filters that are on. */
export type FilterChange = (filters: SearchFilters) => SearchFilters;

/** A filter that is on, as a shopper sees it. */
export interface ActiveFilter {
  /** Tells a brand from a category of the same name. */
  kind: 'category' | 'brand' | 'price' | 'stock';
  label: string;
  /** Takes it off. */
  off: FilterChange;
}

/** Each filter that is on, one by one. */
export function activeFiltersOf(filters: SearchFilters, currency: string | null): ActiveFilter[] {
  const { categories, brands, min, max, inStock } = filters;
  const active: ActiveFilter[] = [];
  for (const label of categories) {
    active.push({
      kind: 'category',
      label,
      off: (asked) => ({ ...asked, categories: others(asked.categories, label) }),
    });
  }
  for (const label of brands) {
    active.push({ kind: 'brand', label, off: (asked) => ({ ...asked, brands: others(asked.brands, label) }) });
  }
  if (min !== null || max !== null) {
    active.push({ kind: 'price', label: describePrice(min, max, currency), off: withoutPrice });
  }
  if (inStock) active.push({ kind: 'stock', label: 'In stock', off: withoutStock });
  return active;
}

/** Each kind of filter that is on. Of a kind any value does, so only the whole of it can be what leaves nothing. */
export function filterKindsOf(filters: SearchFilters, currency: string | null): ActiveFilter[] {
  const { categories, brands, min, max, inStock } = filters;
  const kinds: readonly (ActiveFilter & { isOn: boolean })[] = [
    {
      kind: 'category',
      label: categories.join(', '),
      off: (asked) => ({ ...asked, categories: NO_FILTERS.categories }),
      isOn: categories.length > 0,
    },
    {
      kind: 'brand',
      label: brands.join(', '),
      off: (asked) => ({ ...asked, brands: NO_FILTERS.brands }),
      isOn: brands.length > 0,
    },
    {
      kind: 'price',
      label: describePrice(min, max, currency),
      off: withoutPrice,
      isOn: min !== null || max !== null,
    },
    { kind: 'stock', label: 'In stock', off: withoutStock, isOn: inStock },
  ];
  return kinds.filter(({ isOn }) => isOn);
}

/** What a filter is called where nothing else tells of what kind it is: "brand Vans". */
export function nameOf({ kind, label }: ActiveFilter): string {
  return kind === 'stock' ? label : `${kind} ${label}`;
}

/** With the value where it was not among them, else without it. */
export function toggled(values: readonly string[], value: string): string[] {
  return values.includes(value) ? others(values, value) : [...values, value];
}

function withoutPrice(filters: SearchFilters): SearchFilters {
  return { ...filters, min: null, max: null };
}

function withoutStock(filters: SearchFilters): SearchFilters {
  return { ...filters, inStock: false };
}

function others(values: readonly string[], value: string): string[] {
  return values.filter((other) => other !== value);
}

function describePrice(min: number | null, max: number | null, currency: string | null): string {
  const from = min === null ? '' : formatPrice(min, currency);
  const to = max === null ? '' : formatPrice(max, currency);
  if (min === null) return `Up to ${to}`;
  return max === null ? `From ${from}` : `${from} to ${to}`;
}
