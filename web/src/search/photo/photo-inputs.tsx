import { useMediaQuery } from '../../ui/use-media-query.js';
import { Icon } from '../../ui/icon.js';
import styles from './photo-inputs.module.css';
import type { Offer } from './photo.js';

export interface PhotoInputsProps {
  onGive: (offer: Offer) => void;
  /** What the way to a file is called. Default: "Choose a photo". */
  label?: string;
  /** Whether giving a photo is what to do next. Default: true. */
  isPrimary?: boolean;
}

const ACCEPTED = 'image/jpeg,image/png,image/webp,image/avif,image/gif,image/heic,image/heif';

/** Ways to give a photo by hand: a file, and on what is held in the hand its camera. */
export function PhotoInputs({ onGive, label = 'Choose a photo', isPrimary = true }: PhotoInputsProps) {
  const hasCamera = useMediaQuery('(pointer: coarse)');
  return (
    <>
      {hasCamera && (
        <FileButton label="Take a photo" kind={isPrimary ? 'primary' : undefined} onGive={onGive} isCamera />
      )}
      <FileButton label={label} kind={isPrimary && !hasCamera ? 'primary' : undefined} onGive={onGive} />
    </>
  );
}

interface FileButtonProps {
  label: string;
  kind: 'primary' | undefined;
  onGive: (offer: Offer) => void;
  isCamera?: boolean;
}

/** A file input that looks like a button; the keyboard and screen readers meet the input itself. */
function FileButton({ label, kind, onGive, isCamera = false }: FileButtonProps) {
  return (
    <label className={`button ${styles.file ?? ''}`} data-kind={kind}>
      <Icon name={isCamera ? 'photo' : 'picture'} />
      {label}
      <input
        className="visually-hidden"
        type="file"
        accept={ACCEPTED}
        capture={isCamera ? 'environment' : undefined}
        onChange={({ currentTarget: input }) => {
          const files = [...(input.files ?? [])];
          // The same file can be chosen again.
          input.value = '';
          onGive(files);
        }}
      />
    </label>
  );
}
