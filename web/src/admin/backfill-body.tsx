import type { ReactNode } from 'react';
import { AdminError } from './admin-error.js';
import { adminSentence } from './admin-sentence.js';
import styles from './admin.module.css';
import { BackfillControls } from './backfill-controls.js';
import { BackfillProgress } from './backfill-progress.js';
import { hasEnded, type Backfill } from './backfill-words.js';
import { ThroughputChart } from './throughput-chart.js';
import { useLiveBackfill } from './use-live-backfill.js';

export interface BackfillBodyProps {
  backfill: Backfill;
  /** The buttons are gone then, and the focus has to go somewhere. */
  onCancelled: () => void;
  children: ReactNode;
}

/** A run, live: how far it is, how fast, and what may be done about it. */
export function BackfillBody({ backfill, onCancelled, children }: BackfillBodyProps) {
  const lost = useLiveBackfill(backfill.id, hasEnded(backfill));
  return (
    <div className={styles.halves}>
      <div>
        <BackfillProgress backfill={backfill} />
        {backfill.error !== null && <AdminError sentence={backfill.error} />}
        {lost !== null && <AdminError sentence={adminSentence(lost)} />}
        <BackfillControls backfill={backfill} onCancelled={onCancelled} />
        {children}
      </div>
      <ThroughputChart runId={backfill.id} />
    </div>
  );
}
