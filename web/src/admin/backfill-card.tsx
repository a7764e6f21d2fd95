import { useId, useRef } from 'react';
import { Link } from 'react-router';
import { RelativeTime } from '../ui/relative-time.js';
import { AdminError } from './admin-error.js';
import { adminSentence } from './admin-sentence.js';
import styles from './admin.module.css';
import { BackfillControls } from './backfill-controls.js';
import { BackfillProgress } from './backfill-progress.js';
import { hasEnded, SCOPE_WORDS, type Backfill } from './backfill-words.js';
import { StateMark } from './state-mark.js';
import { ThroughputChart } from './throughput-chart.js';
import { useLiveBackfill } from './use-live-backfill.js';

/** A run that goes on, or has just ended: live, with what may be done about it. */
export function BackfillCard({ backfill }: { backfill: Backfill }) {
  const { id, model, scope, state, counts, createdAt, error } = backfill;
  const lost = useLiveBackfill(id);
  const heading = useRef<HTMLHeadingElement>(null);
  const headingId = useId();
  return (
    <section className={styles.panel} aria-labelledby={headingId}>
      <div className={styles.heading}>
        <h2 id={headingId} ref={heading} tabIndex={-1}>
          {SCOPE_WORDS[scope].label}, {model}
        </h2>
        <StateMark state={state} />
      </div>
      <div className={styles.halves}>
        <div>
          <BackfillProgress backfill={backfill} />
          {error !== null && <AdminError sentence={error} />}
          {lost !== null && <AdminError sentence={adminSentence(lost)} />}
          {!hasEnded(backfill) && <BackfillControls backfill={backfill} onCancelled={() => heading.current?.focus()} />}
          <p className={styles.soft}>
            Started <RelativeTime at={createdAt} />.{' '}
            <Link to={`/admin/backfills/${id}`}>{counts.failed > 0 ? 'Details and failures' : 'Details'}</Link>
          </p>
        </div>
        <ThroughputChart runId={id} />
      </div>
    </section>
  );
}
