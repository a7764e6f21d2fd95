import { Icon } from '../../ui/icon.js';
import { NO_FILTERS, type SearchFilters } from '../search-params.js';
import styles from './active-filters.module.css';
import { activeFiltersOf, nameOf, type FilterChange } from './filter-words.js';

export interface ActiveFiltersProps {
  filters: SearchFilters;
  currency: string | null;
  onChange: (change: FilterChange) => void;
}

/** The filters that are on, each to be taken off. */
export function ActiveFilters({ filters, currency, onChange }: ActiveFiltersProps) {
  const active = activeFiltersOf(filters, currency);
  if (active.length === 0) return null;
  return (
    <ul className={styles.chips} aria-label="Filters that are on">
      {active.map((filter) => (
        <li key={`${filter.kind} ${filter.label}`}>
          <button
            type="button"
            className={styles.chip}
            aria-label={`Remove the filter: ${nameOf(filter)}`}
            onClick={() => onChange(filter.off)}
          >
            <span dir="auto">{filter.label}</span>
            <Icon name="close" size={16} />
          </button>
        </li>
      ))}
      <li>
        <button type="button" className={styles.clear} onClick={() => onChange(() => NO_FILTERS)}>
          Clear all
        </button>
      </li>
    </ul>
  );
}
