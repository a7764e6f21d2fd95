import { useEffect, useRef, type KeyboardEvent } from 'react';
import { describeRegion, HANDLES, type Region } from './region-geometry.js';
import { pressKey } from './region-keys.js';
import styles from './region-frame.module.css';
import type { RegionDraft } from './use-region-draft.js';

export interface RegionFrameProps {
  region: Region;
  draft: RegionDraft;
  /** The id of the element that says which keys there are. */
  describedBy: string;
  /** Told when a key goes back to the whole photo: the frame is gone then, and so is the focus. */
  onEscape: () => void;
}

/** The selected part: what is around it is dim, and it is moved and resized by its handles and by keys. */
export function RegionFrame({ region, draft, describedBy, onEscape }: RegionFrameProps) {
  const frame = useRef<HTMLDivElement>(null);
  const { isSketched, settle, settleSoon } = draft;
  // Whoever draws one can go on with keys. One that comes with the page leaves the focus where it is.
  useEffect(() => {
    if (isSketched) frame.current?.focus({ preventScroll: true });
  }, [isSketched]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      settle(null);
      onEscape();
    }
    const next = pressKey(region, event);
    if (next === null) return;
    event.preventDefault();
    settleSoon(next);
  };
  const place = boxOf(region);
  return (
    <>
      <div className={styles.dim}>
        <div className={styles.hole} style={place} />
      </div>
      <div
        ref={frame}
        className={styles.frame}
        style={place}
        data-grip="selection"
        role="application"
        aria-roledescription="selection"
        aria-label={`Selected part of the photo: ${describeRegion(region)}`}
        aria-describedby={describedBy}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        {HANDLES.map((handle) => (
          <span key={handle} className={styles.handle} data-grip={handle} />
        ))}
      </div>
    </>
  );
}

function boxOf({ x, y, width, height }: Region): Record<'left' | 'top' | 'width' | 'height', string> {
  return { left: share(x), top: share(y), width: share(width), height: share(height) };
}

function share(value: number): string {
  return `${value * 100}%`;
}
