import { useEffect, useEffectEvent } from 'react';
import type { Offer } from './photo.js';
import { isTypedIn } from './transferred-photograph.js';

/** Takes photos that are pasted anywhere on the page. */
export function usePastedPhotos(onGive: (offer: Offer) => void): void {
  const onPaste = useEffectEvent((event: ClipboardEvent) => {
    const pasted = event.clipboardData;
    if (pasted === null || pasted.files.length === 0) return;
    // Office programs copy a picture of the text beside the text.
    if (pasted.types.includes('text/plain') && isTypedIn(event.target)) return;
    event.preventDefault();
    onGive([...pasted.files]);
  });
  useEffect(() => {
    const listener = (event: ClipboardEvent): void => onPaste(event);
    addEventListener('paste', listener);
    return () => removeEventListener('paste', listener);
  }, []);
}
