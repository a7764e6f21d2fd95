import { formatCount } from '../ui/format-price.js';
import styles from './looking-notice.module.css';
import type { LookedAt } from './use-looked-at.js';

/** Says that the shop's pictures are still being looked at, and how far that is. */
export function LookingNotice({ lookedAt }: { lookedAt: LookedAt }) {
  const { done, total } = lookedAt;
  return (
    <section className={styles.notice} aria-label="Getting ready">
      <p id="looking">
        {done === 0 ? (
          <>The shop’s {formatCount(total)} pictures are about to be looked at</>
        ) : (
          <>
            The shop’s pictures are still being looked at: <strong>{formatCount(done)}</strong> of {formatCount(total)}
          </>
        )}
      </p>
      {/* Without a value it only says that something is going on. */}
      <progress aria-labelledby="looking" value={done === 0 ? undefined : done} max={total} />
    </section>
  );
}
