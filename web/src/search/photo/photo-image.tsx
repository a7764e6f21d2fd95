import type { Photograph } from '@lookalike/apollo';
import { useCallback, useState } from 'react';

export interface PhotoImageProps {
  source: Photograph;
  alt: string;
  className: string | undefined;
  /** Told its width by its height, once it is there. */
  onRatio: (ratio: number) => void;
}

/** A photo from a file, or from where it is on the web; words in its place where the browser can't show it. */
export function PhotoImage({ source, alt, className, onRatio }: PhotoImageProps) {
  const [broken, setBroken] = useState<Photograph | null>(null);
  const show = useCallback(
    (image: HTMLImageElement) => {
      const url = source instanceof Blob ? URL.createObjectURL(source) : source.url;
      image.setAttribute('src', url);
      return () => URL.revokeObjectURL(url);
    },
    [source],
  );
  if (broken === source) return <p className={className}>This browser can’t show your photo.</p>;
  return (
    <img
      ref={show}
      className={className}
      alt={alt}
      draggable={false}
      onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => onRatio(naturalWidth / naturalHeight)}
      onError={() => setBroken(source)}
    />
  );
}
