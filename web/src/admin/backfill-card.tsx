import { useId } from 'react';
import { Link } from 'react-router';
import { RelativeTime } from '../ui/relative-time.js';
import { useLaterFocus } from '../ui/use-later-focus.js';
import styles from './admin.module.css';
import { BackfillBody } from './backfill-body.js';
import { titleOf, type Backfill } from './backfill-words.js';
import { StateMark } from './state-mark.js';

/** A run that goes on, or has just ended. */
export function BackfillCard({ backfill }: { backfill: Backfill }) {
  const { id, state, counts, createdAt } = backfill;
  const [heading, focusHeading] = useLaterFocus();
  const headingId = useId();
  return (
    <section className={styles.panel} aria-labelledby={headingId}>
      <div className={styles.heading}>
        <h2 id={headingId} ref={heading} tabIndex={-1}>
          {titleOf(backfill)}
        </h2>
        <StateMark state={state} />
      </div>
      <BackfillBody backfill={backfill} onCancelled={focusHeading}>
        <p className={styles.soft}>
          Started <RelativeTime at={createdAt} />.{' '}
          <Link to={`/admin/backfills/${id}`}>{counts.failed > 0 ? 'Details and failures' : 'Details'}</Link>
        </p>
      </BackfillBody>
    </section>
  );
}
