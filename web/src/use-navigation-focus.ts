import { useEffect, useRef, type RefObject } from 'react';
import { NavigationType, useLocation, useNavigationType } from 'react-router';

/** Which link of a place in the history was the last to have the focus, by the key of the place. */
const leftBy = new Map<string, string>();

/**
 * A page that changes without loading says nothing to those who can't see it, and leaves the keyboard nowhere: so the
 * heading of the new view gets the focus, or, on the way back, the link that had led away.
 *
 * @param main - what holds the views.
 */
export function useNavigationFocus(main: RefObject<HTMLElement | null>): void {
  const { key, pathname } = useLocation();
  const isReturn = useNavigationType() === NavigationType.Pop;
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    const view = main.current;
    const target = (isReturn ? linkLeftBy(view, key) : null) ?? headingOf(view) ?? view;
    // Where the view is scrolled to is for the history to say.
    target?.focus({ preventScroll: true });
  }, [isReturn, key, main, pathname]);
  useEffect(() => {
    const view = main.current;
    const remember = ({ target }: FocusEvent): void => {
      const href = target instanceof HTMLAnchorElement ? target.getAttribute('href') : null;
      if (href !== null) leftBy.set(key, href);
    };
    view?.addEventListener('focusin', remember);
    return () => view?.removeEventListener('focusin', remember);
  }, [key, main]);
}

function linkLeftBy(view: HTMLElement | null, key: string): HTMLElement | null {
  const href = leftBy.get(key);
  return href === undefined ? null : (view?.querySelector<HTMLElement>(`a[href="${CSS.escape(href)}"]`) ?? null);
}

function headingOf(view: HTMLElement | null): HTMLElement | null {
  const heading = view?.querySelector('h1') ?? null;
  if (heading !== null) heading.tabIndex = -1;
  return heading;
}
