import { useState } from 'react';
import styles from './picture.module.css';

export interface PictureProps {
  /** Null where there is none. */
  src: string | null;
  /** Empty where the text beside it says the same. */
  alt: string;
  /** Load it at once, not when it comes into view. */
  isEager?: boolean;
}

/** A square picture of a product; a quiet mark in its place where it can't be loaded. */
export function Picture({ src, alt, isEager = false }: PictureProps) {
  const [broken, setBroken] = useState<string | null>(null);
  if (src === null || broken === src)
    return (
      <div className={styles.none} role="img" aria-label={alt || undefined} aria-hidden={alt === '' || undefined} />
    );
  return (
    <img
      className={styles.picture}
      src={src}
      alt={alt}
      loading={isEager ? 'eager' : 'lazy'}
      decoding="async"
      onError={() => setBroken(src)}
    />
  );
}
