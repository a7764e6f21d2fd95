import { useEffect, useEffectEvent, useState } from 'react';
import type { Offer } from './photo.js';
import { holdsAddress, holdsFiles, isTypedIn, transferredPhotograph } from './transferred-photograph.js';

export interface PhotoDrag {
  /** Whether files are dragged over the page. */
  isOver: boolean;
  /** For what is shown over the whole window then: told when they are dragged out of it. */
  onLeave: () => void;
}

/** Takes photos that are dropped anywhere on the page. */
export function useDroppedPhotos(onGive: (offer: Offer) => void): PhotoDrag {
  const [isOver, setOver] = useState(false);
  const onDrag = useEffectEvent((event: DragEvent, transfer: DataTransfer) => {
    event.preventDefault();
    if (event.type !== 'drop') {
      transfer.dropEffect = 'copy';
      setOver(holdsFiles(transfer));
      return;
    }
    setOver(false);
    const offer = transferredPhotograph(transfer);
    if (offer !== null) onGive(offer);
  });
  useEffect(() => {
    // What is dragged about within the page, such as a product's link, is no photo that somebody brings.
    let isOwn = false;
    const ends = new AbortController();
    const { signal } = ends;
    addEventListener('dragstart', () => (isOwn = true), { signal });
    addEventListener('dragend', () => (isOwn = false), { signal });
    for (const type of ['dragenter', 'dragover', 'drop'] as const) {
      addEventListener(
        type,
        (event) => {
          const transfer = event.dataTransfer;
          if (transfer !== null && !isOwn && mayHoldPhoto(transfer, event.target)) onDrag(event, transfer);
        },
        { signal },
      );
    }
    return () => ends.abort();
  }, []);
  return { isOver, onLeave: () => setOver(false) };
}

/** An address over a field is meant for the field. */
function mayHoldPhoto(transfer: DataTransfer, target: EventTarget | null): boolean {
  return holdsFiles(transfer) || (holdsAddress(transfer) && !isTypedIn(target));
}
