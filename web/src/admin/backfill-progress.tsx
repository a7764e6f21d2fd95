import { counted } from '../ui/counted.js';
import { durationWords } from '../ui/time-words.js';
import styles from './backfill-progress.module.css';
import {
  hasEnded,
  outcomeWords,
  percentOf,
  progressWords,
  rateWords,
  STATE_WORDS,
  type Backfill,
} from './backfill-words.js';

/** How far a run is: a bar, and the same in words. */
export function BackfillProgress({ backfill }: { backfill: Backfill }) {
  const { counts, state } = backfill;
  return (
    <div className={styles.progress} data-state={state}>
      <div
        className={styles.bar}
        role="progressbar"
        aria-label="Progress"
        aria-valuemin={0}
        aria-valuemax={counts.total ?? undefined}
        aria-valuenow={counts.total === null ? undefined : counts.processed}
        aria-valuetext={progressWords(counts)}
      >
        <Parts counts={counts} />
      </div>
      <p className={styles.line}>
        <strong>{progressWords(counts)}</strong>
        <span>{paceWords(backfill)}</span>
      </p>
      {counts.processed > 0 && <p className={styles.outcome}>{outcomeWords(counts)}</p>}
      <Announcement backfill={backfill} />
    </div>
  );
}

function Parts({ counts }: Pick<Backfill, 'counts'>) {
  const { total, embedded, skipped, failed } = counts;
  if (total === null) return <span className={styles.unknown} />;
  const width = (count: number) => ({ width: `${total === 0 ? 0 : (count / total) * 100}%` });
  return (
    <>
      <span data-part="embedded" style={width(embedded)} />
      <span data-part="skipped" style={width(skipped)} />
      <span data-part="failed" style={width(failed)} />
    </>
  );
}

function paceWords({ imagesPerSecond, secondsLeft, state }: Backfill): string {
  if (state !== 'RUNNING') return '';
  const rate = imagesPerSecond === null ? [] : [rateWords(imagesPerSecond)];
  const left = secondsLeft === null ? [] : [`${durationWords(secondsLeft)} left`];
  return [...rate, ...left].join(', ');
}

/** Each quarter is told, and each change of the state; every image would be too much to listen to. */
function Announcement({ backfill }: { backfill: Backfill }) {
  const { counts, state } = backfill;
  const quarters = counts.total === null ? 0 : Math.floor(percentOf(counts.processed, counts.total) / 25) * 25;
  const words = hasEnded(backfill)
    ? `${STATE_WORDS[state]}: ${outcomeWords(counts)} of ${counted(counts.total ?? 0, 'image')}.`
    : `${STATE_WORDS[state]}, ${quarters}%.`;
  return (
    <p role="status" className="visually-hidden">
      {words}
    </p>
  );
}
