import type { ReactNode } from 'react';
import styles from './admin.module.css';

/** Why something was not done, beside what asked for it; read out at once. */
export function AdminError({ sentence, children }: { sentence: string; children?: ReactNode }) {
  return (
    <p role="alert" className={styles.error}>
      {sentence} {children}
    </p>
  );
}
