import { useId } from 'react';
import styles from './admin.module.css';

export interface ProductIdsFieldProps {
  text: string;
  onChange: (text: string) => void;
}

/** Limits a backfill to some products. */
export function ProductIdsField({ text, onChange }: ProductIdsFieldProps) {
  const id = useId();
  return (
    <div className={styles.stack}>
      <label htmlFor={id}>Only these products</label>
      <input
        id={id}
        className="field"
        autoComplete="off"
        spellCheck={false}
        value={text}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={`${id}-hint`} className={styles.hint}>
        Their ids with spaces between them, at most 1,000. Leave it empty for the whole catalogue.
      </p>
    </div>
  );
}
