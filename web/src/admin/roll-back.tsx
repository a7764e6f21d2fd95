import { useState } from 'react';
import { RelativeTime } from '../ui/relative-time.js';
import { ActivateDialog } from './activate-dialog.js';
import styles from './admin.module.css';
import { previousOf, type Model } from './model-words.js';

export interface RollBackProps {
  models: readonly Model[];
  onDone: (sentence: string) => void;
}

/** The way back to the model that answered searches before; nothing where there is none. */
export function RollBack({ models, onDone }: RollBackProps) {
  const [isAsking, setAsking] = useState(false);
  const active = models.find(({ state }) => state === 'ACTIVE');
  const previous = previousOf(models);
  if (active?.activatedAt == null || previous === null) return null;
  return (
    <section className={styles.panel} aria-label="The model before">
      <div className={styles.sides}>
        <p>
          <strong>{active.name}</strong> answers searches, since <RelativeTime at={active.activatedAt} />. Before it{' '}
          {previous.name} did.
        </p>
        <button type="button" className="button" onClick={() => setAsking(true)}>
          Roll back to {previous.name}
        </button>
      </div>
      {isAsking && (
        <ActivateDialog model={previous} active={active.name} onDone={onDone} onClose={() => setAsking(false)} />
      )}
    </section>
  );
}
