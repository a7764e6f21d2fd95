import { useCallback, useSyncExternalStore } from 'react';

/** From here on there is room for a column beside the results. The style sheets have the same number. */
export const WIDE = '(min-width: 60rem)';

/** Whether a media query holds now. */
export function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}
