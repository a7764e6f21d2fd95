import { useState } from 'react';
import { useLocation } from 'react-router';
import { Icon } from '../../ui/icon.js';
import { useMediaQuery, WIDE } from '../../ui/use-media-query.js';
import { countFilters, type SearchFilters } from '../search-params.js';
import type { Facets } from '../use-facets.js';
import { FilterDialog } from './filter-dialog.js';
import { FilterFields } from './filter-fields.js';
import styles from './filter-side.module.css';
import type { FilterChange } from './filter-words.js';

export interface FilterSideProps {
  filters: SearchFilters;
  facets: Facets | null;
  onChange: (change: FilterChange) => void;
}

/** The filters: a column where there is room for one, else a button that opens them. */
export function FilterSide({ filters, facets, onChange }: FilterSideProps) {
  const isWide = useMediaQuery(WIDE);
  // Open at one place of the history: another one has filters of its own.
  const { key } = useLocation();
  const [openAt, setOpenAt] = useState<string | null>(null);
  if (openAt !== null && (isWide || openAt !== key)) setOpenAt(null);
  if (isWide) {
    return (
      <section className={styles.column} aria-labelledby="filters">
        <h2 id="filters">Filters</h2>
        <FilterFields filters={filters} facets={facets} onChange={onChange} />
      </section>
    );
  }
  const count = countFilters(filters);
  return (
    <div>
      <button type="button" className="button" aria-haspopup="dialog" onClick={() => setOpenAt(key)}>
        <Icon name="filters" />
        {count === 0 ? 'Filters' : `Filters (${count})`}
      </button>
      {openAt === key && (
        <FilterDialog filters={filters} facets={facets} onApply={onChange} onClose={() => setOpenAt(null)} />
      )}
    </div>
  );
}
