import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import { bringPhoto } from './brought-photo.js';
import { DropTarget } from './drop-target.js';
import { holdsFiles } from './transferred-photograph.js';
import { useDroppedPhotos } from './use-dropped-photos.js';
import { usePastedPhotos } from './use-pasted-photos.js';
import type { Offer } from './photo.js';

/** For views without a place for photos: goes to the search with one that is dropped or pasted there. */
export function PhotoBringer() {
  const navigate = useNavigate();
  const bring = (offer: Offer): void => {
    bringPhoto(offer);
    void navigate('/');
  };
  const isOver = useDroppedPhotos(bring);
  usePastedPhotos(bring);
  return isOver && <DropTarget />;
}

/** For views that photos have no business in: a file dropped there would be opened in place of the page. */
export function FileRefusal() {
  useEffect(() => {
    const refuse = (event: DragEvent): void => {
      if (event.dataTransfer === null || !holdsFiles(event.dataTransfer)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'none';
    };
    addEventListener('dragover', refuse);
    addEventListener('drop', refuse);
    return () => {
      removeEventListener('dragover', refuse);
      removeEventListener('drop', refuse);
    };
  }, []);
  return null;
}
