import type { Photograph } from '@lookalike/apollo';
import { useId, useRef, type ReactNode } from 'react';
import { useMediaQuery } from '../../ui/use-media-query.js';
import styles from './photo-preview.module.css';
import type { Picture } from './photo.js';
import { describeRegion, MIDDLE, type Region } from './region-geometry.js';
import { RegionStage } from './region-stage.js';
import { useRegionDraft } from './use-region-draft.js';

export interface PhotoPreviewProps {
  source: Photograph;
  /** Null while nothing can be selected yet. */
  picture: Picture | null;
  /** Ends what is under way; null where nothing is. */
  onCancel: (() => void) | null;
  onSelect: (picture: Picture, region: Region | null) => void;
  /** What else can be done with it. */
  children: ReactNode;
}

/** The photo that is searched with, and the part of it that is selected. */
export function PhotoPreview({ source, picture, onCancel, onSelect, children }: PhotoPreviewProps) {
  const draft = useRegionDraft(picture, onSelect);
  const keys = useId();
  const toggle = useRef<HTMLButtonElement>(null);
  // A finger that goes up or down scrolls the page.
  const drag = useMediaQuery('(pointer: coarse)') ? 'across' : 'over';
  const isPart = draft.shown !== null;
  return (
    <div className={styles.preview}>
      <div className={styles.stage}>
        <RegionStage
          source={source}
          draft={picture && draft}
          describedBy={keys}
          isBusy={onCancel !== null}
          onEscape={() => toggle.current?.focus()}
        />
      </div>
      <div className={styles.aside}>
        <div className={styles.words} data-busy={onCancel !== null || undefined}>
          <p className={styles.hint}>
            {isPart
              ? 'Only the selected part is searched for.'
              : `Drag ${drag} the photo to search for just a part of it.`}
          </p>
          <p id={keys} className={styles.keys} hidden={!isPart}>
            Arrow keys move the selection, with Shift further. Alt or Ctrl and arrow keys resize it. Escape goes back to
            the whole photo.
          </p>
          {onCancel !== null && <Progress onCancel={onCancel} />}
        </div>
        <p className="visually-hidden" role="status">
          {describeSelection(picture)}
        </p>
        <div className={styles.tools}>
          <button
            ref={toggle}
            type="button"
            className={`button ${styles.select ?? ''}`}
            disabled={picture === null}
            onClick={() => (isPart ? draft.settle(null) : draft.settleSoon(MIDDLE))}
          >
            {isPart ? 'Whole photo' : 'Select a part'}
          </button>
          {children}
        </div>
      </div>
    </div>
  );
}

/** For the eye; the panel says the same to screen readers. */
function Progress({ onCancel }: { onCancel: () => void }) {
  return (
    <div className={styles.progress}>
      <span aria-hidden="true">Looking at your photo…</span>
      <button type="button" className="button" data-size="small" onClick={onCancel}>
        Cancel
      </button>
    </div>
  );
}

/** The whole goes without saying. */
function describeSelection(picture: Picture | null): string {
  return picture?.region == null ? '' : `Selected: ${describeRegion(picture.region)}`;
}
