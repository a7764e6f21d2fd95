import type { ProductPages } from '@lookalike/apollo';
import { useEffect, useRef } from 'react';
import type { LookedAt } from './use-looked-at.js';
import { PAGE_SIZE } from './use-search.js';

/**
 * Asks again as the shop's pictures become known: an empty list whenever there are more of them, another one when they
 * all are. A list that somebody has scrolled through stays as it is.
 */
export function useSearchAgain({ isLoading, error, edges, retry }: ProductPages, lookedAt: LookedAt | null): void {
  const done = lookedAt?.done ?? 0;
  const isComplete = lookedAt?.isComplete ?? true;
  const before = useRef({ done, isComplete });
  const isEmpty = !isLoading && error === null && edges.length === 0;
  const isShort = edges.length > 0 && edges.length <= PAGE_SIZE;
  useEffect(() => {
    const hasGrown = done > before.current.done;
    const hasCompleted = isComplete && !before.current.isComplete;
    before.current = { done, isComplete };
    if ((isEmpty && hasGrown) || (isShort && hasCompleted)) retry();
  }, [done, isComplete, isEmpty, isShort, retry]);
}
