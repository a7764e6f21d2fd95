import type { EmbeddingBackfillQuery, ImageFailureReason } from '@lookalike/apollo';
import { formatCount } from '../ui/format-price.js';
import { REASON_WORDS } from './failure-reasons.js';
import styles from './failures.module.css';

export type FailureCounts = NonNullable<EmbeddingBackfillQuery['embeddingBackfill']>['failureCounts'];

export interface FailureFiltersProps {
  counts: FailureCounts;
  reason: ImageFailureReason | null;
  onChange: (reason: ImageFailureReason | null) => void;
}

/** How many images failed for each reason, and a choice among them. */
export function FailureFilters({ counts, reason, onChange }: FailureFiltersProps) {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <div className={styles.filters} role="group" aria-label="Reason">
        <Filter label="All" count={total} isChosen={reason === null} onClick={() => onChange(null)} />
        {counts.map(({ reason: each, count }) => (
          <Filter
            key={each}
            label={REASON_WORDS[each].label}
            count={count}
            isChosen={each === reason}
            onClick={() => onChange(each)}
          />
        ))}
      </div>
      {reason !== null && <p className={styles.remedy}>{REASON_WORDS[reason].remedy}</p>}
    </>
  );
}

interface FilterProps {
  label: string;
  count: number;
  isChosen: boolean;
  onClick: () => void;
}

function Filter({ label, count, isChosen, onClick }: FilterProps) {
  return (
    <button type="button" className={styles.filter} aria-pressed={isChosen} onClick={onClick}>
      {label} <span>{formatCount(count)}</span>
    </button>
  );
}
