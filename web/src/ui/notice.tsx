import type { ReactNode } from 'react';
import styles from './notice.module.css';

export interface NoticeProps {
  title: string;
  /** `error`: something did not work, and is read out at once. Default: `plain`. */
  tone?: 'plain' | 'error';
  /** 1 where it stands in the place of a whole view. Default: 2. */
  level?: 1 | 2;
  children?: ReactNode;
}

/** A message that stands in the place of what is not there. */
export function Notice({ title, tone = 'plain', level = 2, children }: NoticeProps) {
  const Heading = level === 1 ? 'h1' : 'h2';
  return (
    <section className={styles.notice} data-tone={tone} role={tone === 'error' ? 'alert' : undefined}>
      <Heading className={styles.title}>{title}</Heading>
      {children}
    </section>
  );
}
