import type { SearchFilters } from '../search-params.js';
import type { Facets } from '../use-facets.js';
import styles from './filter-fields.module.css';
import { PriceFilter } from './price-filter.js';
import { ValueFilter } from './value-filter.js';

export interface FilterFieldsProps {
  filters: SearchFilters;
  /** What the shop has to choose from; null while that is not known. */
  facets: Facets | null;
  onChange: (filters: SearchFilters) => void;
}

/** All that results can be narrowed down by. */
export function FilterFields({ filters, facets, onChange }: FilterFieldsProps) {
  const change = (part: Partial<SearchFilters>): void => onChange({ ...filters, ...part });
  return (
    <>
      {(facets?.hasStock === true || filters.inStock) && (
        <label className={styles.choice}>
          <input
            type="checkbox"
            checked={filters.inStock}
            onChange={(event) => change({ inStock: event.target.checked })}
          />
          <span className={styles.value}>Only in stock</span>
        </label>
      )}
      {(facets?.price != null || filters.min !== null || filters.max !== null) && (
        <PriceFilter min={filters.min} max={filters.max} range={facets?.price ?? null} onChange={change} />
      )}
      <ValueFilter
        legend="Category"
        values={facets?.categories ?? []}
        chosen={filters.categories}
        onChange={(categories) => change({ categories })}
      />
      <ValueFilter
        legend="Brand"
        values={facets?.brands ?? []}
        chosen={filters.brands}
        onChange={(brands) => change({ brands })}
      />
    </>
  );
}
