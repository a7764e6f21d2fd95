import { useEffect, useRef, type RefObject } from 'react';

/**
 * What had the focus may be gone with the old results, or with a chip that was removed: then reading goes on at their
 * heading. Anything that still has the focus keeps it.
 */
export function useLostFocus(heading: RefObject<HTMLElement | null>, question: unknown): void {
  const last = useRef(question);
  useEffect(() => {
    if (last.current === question) return;
    last.current = question;
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, [heading, question]);
}
