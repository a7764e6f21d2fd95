import type { ReactNode } from 'react';
import styles from './notice.module.css';

export interface NoticeProps {
  title: string;
  /** `error`: something did not work, and is read out at once. Default: `plain`. */
  tone?: 'plain' | 'error';
  children?: ReactNode;
}

/** A message that stands in the place of what is not there. */
export function Notice({ title, tone = 'plain', children }: NoticeProps) {
  return (
    <section className={styles.notice} data-tone={tone} role={tone === 'error' ? 'alert' : undefined}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
