import { useId, useState } from 'react';
import { inOrder, parsePrice } from '../search-params.js';
import type { Facets } from '../use-facets.js';
import type { FilterChange } from './filter-words.js';
import styles from './filter-fields.module.css';

export interface PriceFilterProps {
  min: number | null;
  max: number | null;
  /** What the shop's products cost; null where it does not say. */
  range: Facets['price'] | null;
  onChange: (change: FilterChange) => void;
}

/** A lowest and a highest price. What is typed counts when the field is left, or with Enter. */
export function PriceFilter({ min, max, range, onChange }: PriceFilterProps) {
  return (
    <fieldset className={styles.group}>
      <legend>{range?.currency == null ? 'Price' : `Price (${range.currency})`}</legend>
      <div className={styles.prices}>
        <PriceField
          label="From"
          price={min}
          bound={range === null ? null : Math.floor(range.min)}
          onChange={(price) => onChange((asked) => ({ ...asked, ...inOrder(price, asked.max) }))}
        />
        <PriceField
          label="To"
          price={max}
          bound={range === null ? null : Math.ceil(range.max)}
          onChange={(price) => onChange((asked) => ({ ...asked, ...inOrder(asked.min, price) }))}
        />
      </div>
    </fieldset>
  );
}

interface PriceFieldProps {
  label: string;
  price: number | null;
  /** Where the shop's prices begin, or end; null where that is not known. */
  bound: number | null;
  onChange: (price: number | null) => void;
}

function PriceField({ label, price, bound, onChange }: PriceFieldProps) {
  const [state, setState] = useState(kept(price));
  const refusalId = useId();
  if (state.price !== price) setState(kept(price));
  const commit = (): void => {
    const next = parsePrice(state.typed);
    if (next === null && state.typed.trim() !== '') {
      setState({ ...state, isRefused: true });
      return;
    }
    setState({ ...kept(next), price });
    if (next !== price) onChange(next);
  };
  return (
    <div>
      <label>
        <span className={styles.bound}>{label}</span>
        <input
          className="field"
          type="text"
          inputMode="decimal"
          autoComplete="off"
          placeholder={bound === null ? undefined : String(bound)}
          aria-invalid={state.isRefused || undefined}
          aria-describedby={state.isRefused ? refusalId : undefined}
          value={state.typed}
          onChange={(event) => setState({ price, typed: event.target.value, isRefused: false })}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === 'Enter') commit();
          }}
        />
      </label>
      {state.isRefused && (
        <span id={refusalId} role="alert" className={styles.refusal}>
          Write a price like 12.50.
        </span>
      )}
    </div>
  );
}

interface PriceFieldState {
  /** What was the price when this was typed. */
  price: number | null;
  typed: string;
  /** Whether it was sent off, and is no price. */
  isRefused: boolean;
}

function kept(price: number | null): PriceFieldState {
  return { price, typed: price === null ? '' : String(price), isRefused: false };
}
