import { useId, useState } from 'react';
import { formatCount } from '../../ui/format-price.js';
import type { FacetValue } from '../use-facets.js';
import styles from './filter-fields.module.css';

export interface ValueFilterProps {
  legend: string;
  /** What there is to choose from. */
  values: readonly FacetValue[];
  chosen: readonly string[];
  onToggle: (value: string) => void;
}

/** More than these are shown on request. */
const SHOWN_AT_FIRST = 7;

/** One of the shop's lists of words, of which any number can be chosen. */
export function ValueFilter({ legend, values, chosen, onToggle }: ValueFilterProps) {
  const [isOpen, setIsOpen] = useState(false);
  const listId = useId();
  const all = withChosen(values, chosen);
  if (all.length === 0) return null;
  const shown = isOpen ? all : all.filter(({ value }, index) => index < SHOWN_AT_FIRST || chosen.includes(value));
  const canOpen = isOpen || shown.length < all.length;
  const openLabel = isOpen ? 'Show fewer' : `Show all ${formatCount(all.length)}`;
  return (
    <fieldset className={styles.group}>
      <legend>{legend}</legend>
      <div id={listId}>
        {shown.map(({ value, count }) => (
          <label key={value} className={styles.choice}>
            <input type="checkbox" checked={chosen.includes(value)} onChange={() => onToggle(value)} />
            <span className={styles.value} dir="auto">
              {value}
            </span>
            {count !== null && <span className={styles.count}>{formatCount(count)}</span>}
          </label>
        ))}
      </div>
      {canOpen && (
        <button
          type="button"
          className={styles.open}
          aria-label={`${openLabel}: ${legend}`}
          aria-expanded={isOpen}
          aria-controls={listId}
          onClick={() => setIsOpen(!isOpen)}
        >
          {openLabel}
        </button>
      )}
    </fieldset>
  );
}

/** A shared link may hold a value that the shop's list is too long for, or no longer has: it can be taken off all the same. */
function withChosen(
  values: readonly FacetValue[],
  chosen: readonly string[],
): { value: string; count: number | null }[] {
  const known = new Set(values.map(({ value }) => value));
  return [...values, ...chosen.filter((value) => !known.has(value)).map((value) => ({ value, count: null }))];
}
