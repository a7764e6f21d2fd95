import { formatCount } from '../ui/format-price.js';
import styles from './looking-notice.module.css';
import type { LookedAt } from './use-looked-at.js';

/** Says that the shop's pictures are still being looked at, and how far that is. */
export function LookingNotice({ lookedAt }: { lookedAt: LookedAt }) {
  const { done, total } = lookedAt;
  return (
    <section className={styles.notice} aria-label="Getting ready">
      <p id="looking">
        The shop’s pictures are still being looked at: <strong>{formatCount(done)}</strong> of {formatCount(total)}
      </p>
      <progress aria-labelledby="looking" value={done} max={total} />
    </section>
  );
}
