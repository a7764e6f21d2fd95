import { useEffect, useEffectEvent } from 'react';
import type { Offer } from './photo.js';

let brought: Offer | null = null;

/** Keeps what was given where it can't be searched with, until the search is opened. */
export function bringPhoto(offer: Offer): void {
  brought = offer;
}

/** Takes up what was given on the way here. */
export function useBroughtPhoto(onGive: (offer: Offer) => void): void {
  const take = useEffectEvent(() => {
    const offer = brought;
    brought = null;
    if (offer !== null) onGive(offer);
  });
  useEffect(() => {
    // While the page is developed, React takes its first effects back at once, and whatever they began.
    let isGone = false;
    queueMicrotask(() => {
      if (!isGone) take();
    });
    return () => {
      isGone = true;
    };
  }, []);
}
