import { photoErrorWords } from './photo-error-words.js';
import styles from './photo-error.module.css';
import type { PhotoFault } from './photo-fault.js';

export interface PhotoErrorProps {
  fault: PhotoFault;
  /** Sends the same photo again; null where there is nothing to send. */
  onRetry: (() => void) | null;
  onDismiss: () => void;
}

/** Why a photo is not searched with, and a way on. What was searched with before stands beside it. */
export function PhotoError({ fault, onRetry, onDismiss }: PhotoErrorProps) {
  const { sentences, canRetry } = photoErrorWords(fault);
  return (
    <div className={styles.error} role="alert">
      <p>{sentences}</p>
      <div className={styles.tools}>
        {canRetry && onRetry !== null && (
          <button type="button" className="button" onClick={onRetry}>
            Try again
          </button>
        )}
        <button type="button" className="button" data-size="small" onClick={onDismiss}>
          Close
        </button>
      </div>
    </div>
  );
}
