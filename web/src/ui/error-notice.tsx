import type { LookalikeError } from '@lookalike/apollo';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { BusyButton } from './busy-button.js';
import { errorWords } from './error-words.js';
import { Notice } from './notice.js';

export interface ErrorNoticeProps {
  error: LookalikeError;
  /** Asks again. Without it, and where asking again does not help, there is no button. */
  onRetry?: () => void;
  /** Whether it is being asked again. Default: false. */
  isRetrying?: boolean;
  /** 1 where it stands in the place of a whole view. Default: 2. */
  level?: 1 | 2;
  /** Other ways on. */
  children?: ReactNode;
}

/** What went wrong, in words, and a way on. */
export function ErrorNotice({ error, onRetry, isRetrying = false, level, children }: ErrorNoticeProps) {
  const { title, advice, canRetry } = errorWords(error);
  return (
    <Notice title={title} tone="error" level={level}>
      <p>{advice}</p>
      {canRetry && onRetry !== undefined && (
        <BusyButton isBusy={isRetrying} busyLabel="Trying again…" onClick={onRetry}>
          Try again
        </BusyButton>
      )}
      {error.code === 'UNAUTHENTICATED' && (
        <Link to="/admin" className="button">
          Enter the token
        </Link>
      )}
      {children}
    </Notice>
  );
}
