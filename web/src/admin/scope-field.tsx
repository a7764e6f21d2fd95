import type { EmbeddingBackfillScope } from '@lookalike/apollo';
import { useId } from 'react';
import styles from './admin.module.css';
import { SCOPE_WORDS } from './backfill-words.js';

const SCOPES: readonly EmbeddingBackfillScope[] = ['MISSING', 'STALE', 'FAILED', 'ALL'];

export interface ScopeFieldProps {
  scope: EmbeddingBackfillScope;
  onChange: (scope: EmbeddingBackfillScope) => void;
}

/** Chooses which images a backfill embeds. */
export function ScopeField({ scope, onChange }: ScopeFieldProps) {
  const name = useId();
  return (
    <fieldset className={styles.choices}>
      <legend>Which images</legend>
      {SCOPES.map((each) => (
        <label key={each} className={styles.choice}>
          <input type="radio" name={name} value={each} checked={each === scope} onChange={() => onChange(each)} />
          <span>
            <strong>{SCOPE_WORDS[each].label}</strong>
            <span className={styles.soft}>{SCOPE_WORDS[each].meaning}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
