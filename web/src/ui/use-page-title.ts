import { useEffect } from 'react';

/** Names the view in the tab, in the history, and to screen readers. */
export function usePageTitle(title: string | null): void {
  useEffect(() => {
    document.title = title === null ? 'Lookalike' : `${title} · Lookalike`;
  }, [title]);
}
