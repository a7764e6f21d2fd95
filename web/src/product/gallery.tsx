import { useState } from 'react';
import { Picture } from '../ui/picture.js';
import styles from './gallery.module.css';

export interface GalleryProps {
  title: string;
  images: readonly { id: string; url: string }[];
}

/** A product's pictures: one of them large, and where there are more, all of them small to choose from. */
export function Gallery({ title, images }: GalleryProps) {
  const [chosenId, setChosenId] = useState<string | null>(null);
  const chosen = images.find(({ id }) => id === chosenId) ?? images[0] ?? null;
  return (
    <div>
      <div className={styles.frame}>
        <Picture src={chosen?.url ?? null} alt={title} isEager />
      </div>
      {images.length > 1 && (
        <ul className={styles.small} aria-label="Pictures">
          {images.map(({ id, url }, index) => (
            <li key={id}>
              <button
                type="button"
                aria-label={`Picture ${index + 1} of ${images.length}`}
                aria-pressed={id === chosen?.id}
                onClick={() => setChosenId(id)}
              >
                <Picture src={url} alt="" isEager />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
