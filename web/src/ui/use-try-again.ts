import type { LookalikeError, ProductPages } from '@lookalike/apollo';
import { useEffect, useRef, useState } from 'react';

export interface TryAgain {
  /** What went wrong; it stands until there is another answer, so that its button keeps the focus. */
  error: LookalikeError | null;
  isTrying: boolean;
  tryAgain: () => void;
}

/**
 * Asks again for what failed.
 *
 * @param onAnswer - gives the focus to something, where the button that asked again had it and is gone; not needed where something else does.
 */
export function useTryAgain(pages: ProductPages, onAnswer?: () => void): TryAgain {
  const { error, isLoading, isLoadingMore, retry } = pages;
  const [tried, setTried] = useState<LookalikeError | null>(null);
  const isTrying = tried !== null && (isLoading || isLoadingMore);
  if (tried !== null && error !== tried && !isTrying) setTried(null);
  const wasTrying = useRef(false);
  useEffect(() => {
    const isAnswered = wasTrying.current && !isTrying && error === null;
    wasTrying.current = isTrying;
    if (isAnswered && document.activeElement === document.body) onAnswer?.();
  });
  const tryAgain = (): void => {
    setTried(error);
    retry();
  };
  return { error: isTrying ? tried : error, isTrying, tryAgain };
}
