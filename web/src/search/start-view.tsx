import type { ReactNode } from 'react';
import { Icon, type IconName } from '../ui/icon.js';
import { Examples, type ExamplesProps } from './examples.js';
import { ActiveFilters } from './filters/active-filters.js';
import type { FilterChange } from './filters/filter-words.js';
import { countFilters } from './search-params.js';
import styles from './start-view.module.css';

export interface StartViewProps extends ExamplesProps {
  currency: string | null;
  onFilters: (change: FilterChange) => void;
}

/** What can be done here, while nothing is asked. */
export function StartView({ currency, onFilters, ...examples }: StartViewProps) {
  const { filters } = examples;
  return (
    <>
      {countFilters(filters) > 0 && (
        <section className={styles.filters} aria-labelledby="kept-filters">
          <h2 id="kept-filters">Your filters stay for what you look for next</h2>
          <ActiveFilters filters={filters} currency={currency} onChange={onFilters} />
        </section>
      )}
      <Examples {...examples} />
      <section className={styles.ways} aria-label="What you can do here">
        <Way icon="photo" title="Show a photo">
          Of a thing you have seen, or one you own. Products that look like it come first.
        </Way>
        <Way icon="words" title="Say it in words">
          Colour, shape, material, pattern: “blue striped dress”.
        </Way>
        <Way icon="alike" title="Do both">
          A photo and words together: “this, but in red”. Any product leads on to more like it.
        </Way>
      </section>
    </>
  );
}

function Way({ icon, title, children }: { icon: IconName; title: string; children: ReactNode }) {
  return (
    <div className={styles.way}>
      <span className={styles.sign}>
        <Icon name={icon} size={22} />
      </span>
      <div>
        <h2>{title}</h2>
        <p>{children}</p>
      </div>
    </div>
  );
}
