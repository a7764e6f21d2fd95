import type { Photograph } from '@lookalike/apollo';
import { useState } from 'react';
import { PhotoImage } from './photo-image.js';
import { RegionFrame } from './region-frame.js';
import styles from './region-stage.module.css';
import type { RegionDraft } from './use-region-draft.js';
import { useRegionGesture } from './use-region-gesture.js';

export interface RegionStageProps {
  source: Photograph;
  /** Null while nothing can be selected. */
  draft: RegionDraft | null;
  /** The id of the element that says which keys there are. */
  describedBy: string;
  /** Whether the photo is being looked at. */
  isBusy: boolean;
  /** Told when a key goes back to the whole photo. */
  onEscape: () => void;
}

/** The photo, on which a part of it is selected. */
export function RegionStage({ source, draft, describedBy, isBusy, onEscape }: RegionStageProps) {
  const [ratio, setRatio] = useState(1);
  const gesture = useRegionGesture(draft);
  const shown = draft?.shown ?? null;
  return (
    <div
      className={styles.stage}
      style={{ aspectRatio: ratio, maxWidth: `calc(var(--photo-height) * ${ratio})` }}
      data-selectable={draft !== null || undefined}
      data-selected={shown !== null || undefined}
      data-busy={isBusy || undefined}
      {...gesture}
    >
      <PhotoImage className={styles.image} source={source} alt="Your photo" onRatio={setRatio} />
      {draft !== null && shown !== null && (
        <RegionFrame region={shown} draft={draft} describedBy={describedBy} onEscape={onEscape} />
      )}
    </div>
  );
}
