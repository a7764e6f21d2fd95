import { useState } from 'react';
import { NavigationType, useLocation, useNavigationType } from 'react-router';

/** The state of a step by which somebody goes on with the same question: words, filters and photos are added to it. */
export const GOING_ON = { isGoingOn: true } as const;

/**
 * Where in the page's history somebody is: another value after a link, and after Back or Forward; the same one as long as a
 * question is only added to.
 */
export function usePlace(): string {
  const location = useLocation();
  const { key, search } = location;
  // An entry keeps its state, and is come back to.
  const isGoingOn = useNavigationType() !== NavigationType.Pop && isOfGoingOn(location.state);
  const [last, setLast] = useState({ search, place: key });
  if (last.search === search) return last.place;
  const place = isGoingOn ? last.place : key;
  setLast({ search, place });
  return place;
}

function isOfGoingOn(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'isGoingOn' in state;
}
