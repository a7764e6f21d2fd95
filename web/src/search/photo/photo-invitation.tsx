import { Icon } from '../../ui/icon.js';
import { useMediaQuery } from '../../ui/use-media-query.js';
import styles from './photo-invitation.module.css';
import { PhotoInputs } from './photo-inputs.js';
import type { Offer } from './photo.js';

export interface PhotoInvitationProps {
  onGive: (offer: Offer) => void;
  /** Whether it stands beside something else, and has to be small. */
  isCompact: boolean;
}

/** Asks for a photo, where there is none. */
export function PhotoInvitation({ onGive, isCompact }: PhotoInvitationProps) {
  const isHandheld = useMediaQuery('(pointer: coarse)');
  return (
    <div className={styles.invitation} data-compact={isCompact || undefined}>
      <span className={styles.sign}>
        <Icon name="picture" size={28} />
      </span>
      <div className={styles.words}>
        <p className={styles.title}>Have a photo of it?</p>
        <p className={styles.ways}>
          {isHandheld
            ? 'Take one now, or choose one you have.'
            : 'Drop it anywhere on the page, paste it, or choose it.'}
        </p>
      </div>
      <div className={styles.inputs}>
        <PhotoInputs onGive={onGive} isPrimary={!isCompact} />
      </div>
    </div>
  );
}
