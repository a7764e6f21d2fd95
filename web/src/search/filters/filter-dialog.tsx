import { useEffect, useRef, useState, type MouseEvent } from 'react';
import { Icon } from '../../ui/icon.js';
import { NO_FILTERS, type SearchFilters } from '../search-params.js';
import type { Facets } from '../use-facets.js';
import type { FilterChange } from './filter-words.js';
import styles from './filter-dialog.module.css';
import { FilterFields } from './filter-fields.js';

export interface FilterDialogProps {
  filters: SearchFilters;
  facets: Facets | null;
  onApply: (change: FilterChange) => void;
  onClose: () => void;
}

/** The filters where there is no room beside the results: chosen in peace, and applied together. */
export function FilterDialog({ filters, facets, onApply, onClose }: FilterDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [draft, setDraft] = useState(filters);
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  const closeByBackdrop = (event: MouseEvent): void => {
    if (event.target === dialog.current) dialog.current.close();
  };
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-labelledby="filters"
      onClose={onClose}
      onClick={closeByBackdrop}
    >
      <div className={styles.sheet}>
        <header className={styles.head}>
          <h2 id="filters">Filters</h2>
          <button type="button" className={styles.close} aria-label="Close" onClick={() => dialog.current?.close()}>
            <Icon name="close" />
          </button>
        </header>
        <div className={styles.body}>
          <FilterFields filters={draft} facets={facets} onChange={setDraft} />
        </div>
        <footer className={styles.foot}>
          <button type="button" className="button" onClick={() => setDraft(NO_FILTERS)}>
            Clear all
          </button>
          <button
            type="button"
            className="button"
            data-kind="primary"
            onClick={() => {
              dialog.current?.close();
              onApply(() => draft);
            }}
          >
            Show products
          </button>
        </footer>
      </div>
    </dialog>
  );
}
