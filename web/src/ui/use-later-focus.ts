import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';

/**
 * For a heading that gets the focus where what had it is gone.
 *
 * @returns What the heading needs for its `ref`, and what gives it the focus: not at once but when what is being changed is
 *   on the page, for nothing outside a dialog can have it while that is open.
 */
export function useLaterFocus(): [ref: RefObject<HTMLHeadingElement | null>, focus: () => void] {
  const ref = useRef<HTMLHeadingElement>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (turn > 0) ref.current?.focus();
  }, [turn]);
  const focus = useCallback(() => setTurn((now) => now + 1), []);
  return [ref, focus];
}
