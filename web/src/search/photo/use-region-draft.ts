import { useEffect, useRef, useState } from 'react';
import type { Picture } from './photo.js';
import { isSameRegion, type Region } from './region-geometry.js';

export interface RegionDraft {
  /** What is selected now, searched with or not yet; null is the whole photo. */
  shown: Region | null;
  /** Whether something is selected that is not searched with yet. */
  isSketched: boolean;
  /** Shows a selection; null goes back to the one that is searched with. */
  sketch: (region: Region | null) => void;
  /** Searches with a selection. */
  settle: (region: Region | null) => void;
  /** Searches with a selection once no other comes for a moment: keys come many in a row. */
  settleSoon: (region: Region) => void;
}

const SETTLE_MS = 500;

/**
 * A selection in the making. With another photo it is forgotten.
 *
 * @param picture - null while nothing can be selected.
 */
export function useRegionDraft(
  picture: Picture | null,
  onSelect: (picture: Picture, region: Region | null) => void,
): RegionDraft {
  const key = picture?.photo.key ?? null;
  const [draft, setDraft] = useState<{ key: string | null; region: Region } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), [key]);
  const sketch = (region: Region | null): void => {
    clearTimeout(timer.current);
    setDraft(region && { key, region });
  };
  const settle = (region: Region | null): void => {
    sketch(null);
    if (picture !== null && !isSameRegion(region, picture.region)) onSelect(picture, region);
  };
  const sketched = draft?.key === key ? draft.region : null;
  return {
    shown: sketched ?? picture?.region ?? null,
    isSketched: sketched !== null,
    sketch,
    settle,
    settleSoon: (region) => {
      sketch(region);
      timer.current = setTimeout(() => settle(region), SETTLE_MS);
    },
  };
}
