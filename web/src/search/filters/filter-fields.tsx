import type { SearchFilters } from '../search-params.js';
import type { Facets } from '../use-facets.js';
import { toggled, type FilterChange } from './filter-words.js';
import styles from './filter-fields.module.css';
import { PriceFilter } from './price-filter.js';
import { ValueFilter } from './value-filter.js';

export interface FilterFieldsProps {
  filters: SearchFilters;
  /** What the shop has to choose from; null while that is not known. */
  facets: Facets | null;
  onChange: (change: FilterChange) => void;
}

/** All that results can be narrowed down by. */
export function FilterFields({ filters, facets, onChange }: FilterFieldsProps) {
  return (
    <>
      {(facets?.hasStock === true || filters.inStock) && (
        <label className={styles.choice}>
          <input
            type="checkbox"
            checked={filters.inStock}
            onChange={({ target }) => {
              const inStock = target.checked;
              onChange((asked) => ({ ...asked, inStock }));
            }}
          />
          <span className={styles.value}>Only in stock</span>
        </label>
      )}
      {(facets?.price != null || filters.min !== null || filters.max !== null) && (
        <PriceFilter min={filters.min} max={filters.max} range={facets?.price ?? null} onChange={onChange} />
      )}
      <ValueFilter
        legend="Category"
        values={facets?.categories ?? []}
        chosen={filters.categories}
        onToggle={(value) => onChange((asked) => ({ ...asked, categories: toggled(asked.categories, value) }))}
      />
      <ValueFilter
        legend="Brand"
        values={facets?.brands ?? []}
        chosen={filters.brands}
        onToggle={(value) => onChange((asked) => ({ ...asked, brands: toggled(asked.brands, value) }))}
      />
    </>
  );
}
