import { useQuery } from '@apollo/client/react';
import { EmbeddingBackfillDocument } from '@lookalike/apollo';
import { Link } from 'react-router';
import { counted } from '../ui/counted.js';
import { useWhenChanged } from '../ui/use-when-changed.js';
import { hasEnded, outcomeWords } from './backfill-words.js';
import styles from './admin.module.css';
import { useLiveBackfill } from './use-live-backfill.js';

/** Images that were asked to be tried again. */
export interface Retry {
  count: number;
  /** The run that does it. */
  runId: string;
}

export interface RetryOutcomeProps {
  /** Null where nothing was asked. */
  retry: Retry | null;
  /** The run that could not embed them. */
  backfillId: string;
  /** Some of them may be mended now. */
  onProgress: () => void;
}

/** What comes of another try; it is read out. */
export function RetryOutcome({ retry, backfillId, onProgress }: RetryOutcomeProps) {
  return (
    <div role="status">
      {retry !== null && (
        <p className={styles.estimate}>
          {retry.count > 0 && retry.runId !== backfillId ? (
            <OtherRun key={retry.runId} retry={retry} onProgress={onProgress} />
          ) : (
            hereWords(retry.count)
          )}
        </p>
      )}
    </div>
  );
}

function hereWords(count: number): string {
  if (count === 0) return 'There is nothing to try again: all of these are mended.';
  return `${againWords(count)} by this backfill.`;
}

function againWords(count: number): string {
  return `${counted(count, 'image')} ${count === 1 ? 'is' : 'are'} tried again`;
}

function OtherRun({ retry, onProgress }: { retry: Retry; onProgress: () => void }) {
  const { count, runId } = retry;
  useLiveBackfill(runId, false);
  const run = useQuery(EmbeddingBackfillDocument, { variables: { id: runId } }).data?.embeddingBackfill;
  const isOver = run != null && hasEnded(run);
  useWhenChanged(`${run?.counts.processed ?? 0} ${isOver}`, onProgress);
  const link = <Link to={`/admin/backfills/${runId}`}>Look at the backfill that does it</Link>;
  if (!isOver)
    return (
      <>
        {againWords(count)}. {link}
      </>
    );
  return (
    <>
      Tried again: {outcomeWords(run.counts)}. {link}
    </>
  );
}
