import { useId } from 'react';
import { Link } from 'react-router';
import { RelativeTime } from '../ui/relative-time.js';
import styles from './backfill-history.module.css';
import { hasEnded, outcomeWords, progressWords, titleOf, type Backfill } from './backfill-words.js';
import panels from './admin.module.css';
import { MoreButton } from './more-button.js';
import { StateMark } from './state-mark.js';
import type { Backfills } from './use-backfills.js';
import { Waiting } from './waiting.js';

/** All runs, newest first. */
export function BackfillHistory({ backfills }: { backfills: Backfills }) {
  const { runs, error, nextPage } = backfills;
  const id = useId();
  return (
    <section className={panels.panel} aria-labelledby={id}>
      <h2 id={id}>Backfills</h2>
      {runs === null && <Waiting error={error} />}
      {runs?.length === 0 && <p className={panels.soft}>There was none yet.</p>}
      <ol className={styles.runs}>
        {runs?.map((run) => (
          <Row key={run.id} run={run} />
        ))}
      </ol>
      <MoreButton page={nextPage} />
    </section>
  );
}

function Row({ run }: { run: Backfill }) {
  const { id, counts, state, createdAt } = run;
  return (
    <li className={styles.run}>
      <Link to={`/admin/backfills/${id}`}>{titleOf(run)}</Link>
      <StateMark state={state} />
      <span className={panels.soft}>{hasEnded(run) ? outcomeWords(counts) : progressWords(counts)}</span>
      <span className={panels.soft}>
        <RelativeTime at={createdAt} />
      </span>
    </li>
  );
}
