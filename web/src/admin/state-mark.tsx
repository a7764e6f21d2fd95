import type { EmbeddingBackfillState } from '@lookalike/apollo';
import styles from './admin.module.css';
import { STATE_WORDS } from './backfill-words.js';

/** Where a run stands, in a word and a colour. */
export function StateMark({ state }: { state: EmbeddingBackfillState }) {
  return (
    <span className={styles.mark} data-state={state}>
      {STATE_WORDS[state]}
    </span>
  );
}
