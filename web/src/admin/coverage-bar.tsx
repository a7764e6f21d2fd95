import type { EmbeddingCoverageCountsFragment } from '@lookalike/apollo';
import { formatCount } from '../ui/format-price.js';
import styles from './coverage-bar.module.css';

type Coverage = EmbeddingCoverageCountsFragment;

const PARTS = [
  { key: 'embedded', label: 'Embedded' },
  { key: 'stale', label: 'Changed since' },
  { key: 'missing', label: 'Missing' },
  { key: 'failed', label: 'Failed' },
] as const satisfies readonly { key: keyof Coverage; label: string }[];

/** How much of the catalogue a model has embedded: a bar and what its parts are. */
export function CoverageBar({ coverage }: { coverage: Coverage }) {
  return (
    <div>
      <div className={styles.bar} aria-hidden="true">
        {PARTS.filter(({ key }) => coverage[key] > 0).map(({ key }) => (
          <span key={key} data-part={key} style={{ flexGrow: coverage[key] }} />
        ))}
      </div>
      <dl className={styles.legend}>
        {PARTS.map(({ key, label }) => (
          <div key={key}>
            <dt>
              <span className={styles.swatch} data-part={key} aria-hidden="true" />
              {label}
            </dt>
            <dd>{formatCount(coverage[key])}</dd>
          </div>
        ))}
        <div>
          <dt>In all</dt>
          <dd>{formatCount(coverage.total)}</dd>
        </div>
      </dl>
    </div>
  );
}
