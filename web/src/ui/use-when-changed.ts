import { useRef } from 'react';
import { useEvery } from './use-every.js';

/** What is live may change every second; what follows it need not each time. */
const CHECK_MS = 2_000;

/** Does something after a value has become another one, with all changes of two seconds taken together. */
export function useWhenChanged(value: string, act: () => void): void {
  const seen = useRef(value);
  useEvery(CHECK_MS, () => {
    if (seen.current === value) return;
    seen.current = value;
    act();
  });
}
