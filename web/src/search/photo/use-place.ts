import { useState } from 'react';
import { NavigationType, useLocation, useNavigationType } from 'react-router';

/** The state of a step by which somebody goes on with the same question: words, filters and photos are added to it. */
export const GOING_ON = { isGoingOn: true } as const;

/**
 * Counts the questions that somebody has left: it rises with a link, and with Back or Forward, and stays as long as a question
 * is only added to.
 */
export function usePlace(): number {
  const location = useLocation();
  const { search } = location;
  // An entry keeps its state, and is come back to.
  const isGoingOn = useNavigationType() !== NavigationType.Pop && isOfGoingOn(location.state);
  const [last, setLast] = useState({ search, place: 0 });
  if (last.search === search) return last.place;
  const place = isGoingOn ? last.place : last.place + 1;
  setLast({ search, place });
  return place;
}

function isOfGoingOn(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'isGoingOn' in state;
}
