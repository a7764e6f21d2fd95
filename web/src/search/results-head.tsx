import type { Ref } from 'react';
import { ActiveFilters, type ActiveFiltersProps } from './filters/active-filters.js';
import styles from './results-head.module.css';

export interface ResultsHeadProps extends ActiveFiltersProps {
  heading: string;
  /** How much there is; read out when it changes. */
  status: string;
  ref?: Ref<HTMLHeadingElement>;
}

/** What the results are of, and how many. */
export function ResultsHead({ heading, status, ref, ...filters }: ResultsHeadProps) {
  return (
    <header className={styles.head}>
      <h2 ref={ref} tabIndex={-1} dir="auto">
        {heading}
      </h2>
      <p role="status">{status}</p>
      <ActiveFilters {...filters} />
    </header>
  );
}
