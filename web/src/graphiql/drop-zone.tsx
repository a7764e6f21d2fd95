import { useEffect, useState, type DragEvent } from 'react';
import { transferredPhotograph } from '../search/photo/transferred-photograph.js';
import type { Offer } from '../search/photo/photo.js';
import { Icon } from '../ui/icon.js';
import styles from './drop-zone.module.css';

export interface DropZoneProps {
  /** Told of what was dropped or chosen; null where nothing of it can be a photograph. */
  onOffer: (offer: Offer | null) => void;
  isBusy: boolean;
}

const ACCEPTED = 'image/jpeg,image/png,image/webp,image/avif,image/gif';

/** Where a photograph is dropped, or chosen from the disk. */
export function DropZone({ onOffer, isBusy }: DropZoneProps) {
  const [isOver, setOver] = useState(false);
  useMissedDrops();
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    onOffer(transferredPhotograph(event.dataTransfer));
  };
  return (
    <label
      className={styles.zone}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Icon name="photo" size={28} />
      <span className={styles.call}>{isBusy ? 'Sending it…' : 'Choose a photograph'}</span>
      <span className={styles.ways}>or drop one here, or paste one</span>
      <input
        className="visually-hidden"
        type="file"
        accept={ACCEPTED}
        aria-label="Choose a photograph"
        onChange={({ currentTarget: input }) => {
          const files = [...(input.files ?? [])];
          // The same file can be chosen again.
          input.value = '';
          if (files.length > 0) onOffer(files);
        }}
      />
    </label>
  );
}

/** A file that misses the zone would take the place of the page, and of all that was typed in it. */
function useMissedDrops(): void {
  useEffect(() => {
    const keepPage = (event: globalThis.DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files') === true) event.preventDefault();
    };
    addEventListener('dragover', keepPage);
    addEventListener('drop', keepPage);
    return () => {
      removeEventListener('dragover', keepPage);
      removeEventListener('drop', keepPage);
    };
  }, []);
}
