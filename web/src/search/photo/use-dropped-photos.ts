import { useEffect, useEffectEvent, useState } from 'react';
import type { Offer } from './photo.js';
import { holdsAddress, holdsFiles, isTypedIn, transferredPhotograph } from './transferred-photograph.js';

/** While something is dragged, the browser tells of none of these. */
const NOT_DRAGGING = ['pointerdown', 'pointermove', 'keydown', 'blur'] as const;

/** Takes photos that are dropped anywhere on the page. Returns whether files are dragged over it. */
export function useDroppedPhotos(onGive: (offer: Offer) => void): boolean {
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
    // Neither an end nor a leaving is told of what is dragged and then removed, or dragged over a dialog.
    for (const type of NOT_DRAGGING) {
      addEventListener(
        type,
        () => {
          if (type.startsWith('pointer')) isOwn = false;
          setOver(false);
        },
        { signal, capture: true },
      );
    }
    addEventListener('dragleave', ({ relatedTarget }) => relatedTarget === null && setOver(false), { signal });
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
  return isOver;
}

/** An address over a field is meant for the field. */
function mayHoldPhoto(transfer: DataTransfer, target: EventTarget | null): boolean {
  return holdsFiles(transfer) || (holdsAddress(transfer) && !isTypedIn(target));
}
