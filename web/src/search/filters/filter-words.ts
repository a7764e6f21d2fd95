import { formatPrice } from '../../ui/format-price.js';
import { NO_FILTERS, type SearchFilters } from '../search-params.js';

/** A filter that is on, as a shopper sees it. */
export interface ActiveFilter {
  /** Tells a brand from a category of the same name. */
  kind: 'category' | 'brand' | 'price' | 'stock';
  label: string;
  /** The filters without it. */
  without: SearchFilters;
}

/** Each filter that is on, one by one. */
export function activeFiltersOf(filters: SearchFilters, currency: string | null): ActiveFilter[] {
  const { categories, brands, min, max, inStock } = filters;
  return [
    ...categories.map((label) => ({
      kind: 'category' as const,
      label,
      without: { ...filters, categories: others(categories, label) },
    })),
    ...brands.map((label) => ({
      kind: 'brand' as const,
      label,
      without: { ...filters, brands: others(brands, label) },
    })),
    ...(min === null && max === null
      ? []
      : [
          {
            kind: 'price' as const,
            label: describePrice(min, max, currency),
            without: { ...filters, min: null, max: null },
          },
        ]),
    ...(inStock ? [{ kind: 'stock' as const, label: 'In stock', without: { ...filters, inStock: false } }] : []),
  ];
}

/** Each kind of filter that is on. Of a kind any value does, so only the whole of it can be what leaves nothing. */
export function filterKindsOf(filters: SearchFilters, currency: string | null): ActiveFilter[] {
  const { categories, brands, min, max, inStock } = filters;
  const kinds: readonly (Pick<ActiveFilter, 'kind' | 'label'> & { off: Partial<SearchFilters>; isOn: boolean })[] = [
    {
      kind: 'category',
      label: categories.join(', '),
      off: { categories: NO_FILTERS.categories },
      isOn: categories.length > 0,
    },
    { kind: 'brand', label: brands.join(', '), off: { brands: NO_FILTERS.brands }, isOn: brands.length > 0 },
    {
      kind: 'price',
      label: describePrice(min, max, currency),
      off: { min: null, max: null },
      isOn: min !== null || max !== null,
    },
    { kind: 'stock', label: 'In stock', off: { inStock: false }, isOn: inStock },
  ];
  return kinds
    .filter(({ isOn }) => isOn)
    .map(({ kind, label, off }) => ({ kind, label, without: { ...filters, ...off } }));
}

/** What a filter is called where nothing else tells of what kind it is: "brand Vans". */
export function nameOf({ kind, label }: ActiveFilter): string {
  return kind === 'stock' ? label : `${kind} ${label}`;
}

/** With the value where it was not among them, else without it. */
export function toggled(values: readonly string[], value: string): string[] {
  return values.includes(value) ? others(values, value) : [...values, value];
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
