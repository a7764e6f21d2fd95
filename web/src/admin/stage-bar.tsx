import styles from './stage-bar.module.css';
import type { Backfill } from './backfill-words.js';

type Stages = NonNullable<Backfill['stages']>;

const STAGES = [
  { key: 'downloadMs', label: 'Download' },
  { key: 'decodeMs', label: 'Decode' },
  { key: 'encodeMs', label: 'Model' },
  { key: 'storeMs', label: 'Store' },
] as const satisfies readonly { key: keyof Stages; label: string }[];

/** Where the time of an image goes, in the mean. */
export function StageBar({ stages }: { stages: Stages }) {
  return (
    <div>
      <div className={styles.bar} aria-hidden="true">
        {STAGES.map(({ key }) => (
          <span key={key} data-stage={key} style={{ flexGrow: stages[key] }} />
        ))}
      </div>
      <dl className={styles.legend}>
        {STAGES.map(({ key, label }) => (
          <div key={key}>
            <dt>
              <span className={styles.swatch} data-stage={key} aria-hidden="true" />
              {label}
            </dt>
            <dd>{millisecondsWords(stages[key])}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function millisecondsWords(milliseconds: number): string {
  if (milliseconds >= 1_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  return `${milliseconds >= 10 ? Math.round(milliseconds) : milliseconds.toFixed(1)} ms`;
}
