import { useState } from 'react';
import { RelativeTime } from '../ui/relative-time.js';
import { ActivateDialog } from './activate-dialog.js';
import styles from './admin.module.css';
import { previousOf, type Model } from './model-words.js';

export interface ActiveModelProps {
  models: readonly Model[];
  onDone: (sentence: string) => void;
}

/** Which model answers searches, and the way back to the one before. */
export function ActiveModel({ models, onDone }: ActiveModelProps) {
  const [isAsking, setAsking] = useState(false);
  const active = models.find(({ state }) => state === 'ACTIVE');
  const previous = previousOf(models);
  if (active === undefined) return null;
  return (
    <section className={styles.panel} aria-label="The model that answers searches">
      <div className={styles.sides}>
        <p>
          <strong>{active.name}</strong> answers searches
          {active.activatedAt !== null && (
            <>
              , since <RelativeTime at={active.activatedAt} />
            </>
          )}
          .{previous !== null && ` Before it ${previous.name} did.`}
        </p>
        {previous !== null && (
          <button type="button" className="button" onClick={() => setAsking(true)}>
            Roll back to {previous.name}
          </button>
        )}
      </div>
      {isAsking && previous !== null && (
        <ActivateDialog model={previous} active={active.name} onDone={onDone} onClose={() => setAsking(false)} />
      )}
    </section>
  );
}
