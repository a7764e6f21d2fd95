import { useRef, type PointerEvent } from 'react';
import {
  HANDLES,
  moveRegion,
  regionBetween,
  resizeRegion,
  type Point,
  type Region,
  type RegionHandle,
} from './region-geometry.js';
import type { RegionDraft } from './use-region-draft.js';

/** What a pointer took hold of: a handle, the selection itself, or the photo around it, where it draws a new one. */
type Grip = RegionHandle | 'selection' | 'photo';

interface Gesture {
  pointerId: number;
  grip: Grip;
  /** Where it began, in shares of the photo. */
  from: Point;
  /** What was selected then. */
  region: Region | null;
  /** What it has come to; null where it has hardly moved, as a mere press has. */
  latest: Region | null;
}

export interface RegionGesture {
  onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  onPointerMove: (event: PointerEvent<HTMLElement>) => void;
  onPointerUp: (event: PointerEvent<HTMLElement>) => void;
  onPointerCancel: (event: PointerEvent<HTMLElement>) => void;
}

/** A press that moves less than this is no gesture. */
const SLIP_PIXELS = 6;

/**
 * Selects by mouse, finger or pen, on an element that the photo fills: draws, moves, and resizes by the handles.
 *
 * @param draft - null while nothing can be selected.
 */
export function useRegionGesture(draft: RegionDraft | null): RegionGesture {
  const current = useRef<Gesture | null>(null);
  const gestureOf = (event: PointerEvent<HTMLElement>): Gesture | null =>
    current.current?.pointerId === event.pointerId ? current.current : null;
  return {
    onPointerDown: (event) => {
      if (draft === null || !event.isPrimary || event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const { pointerId } = event;
      current.current = {
        pointerId,
        grip: gripOf(event.target),
        from: placeOf(event),
        region: draft.shown,
        latest: null,
      };
    },
    onPointerMove: (event) => {
      const gesture = gestureOf(event);
      if (gesture === null || (gesture.latest === null && isSlip(gesture.from, event))) return;
      gesture.latest = follow(gesture, placeOf(event));
      draft?.sketch(gesture.latest);
    },
    onPointerUp: (event) => {
      const latest = gestureOf(event)?.latest ?? null;
      current.current = null;
      if (latest !== null) draft?.settle(latest);
    },
    // The browser took it for something else, such as scrolling.
    onPointerCancel: (event) => {
      if (gestureOf(event) === null) return;
      current.current = null;
      draft?.sketch(null);
    },
  };
}

function follow({ grip, from, region }: Gesture, to: Point): Region {
  const distance = { dx: to.x - from.x, dy: to.y - from.y };
  if (region === null || grip === 'photo') return regionBetween(from, to);
  return grip === 'selection' ? moveRegion(region, distance) : resizeRegion(region, grip, distance);
}

function gripOf(target: EventTarget): Grip {
  const named = target instanceof HTMLElement ? target.dataset.grip : undefined;
  return HANDLES.find((handle) => handle === named) ?? (named === 'selection' ? 'selection' : 'photo');
}

function placeOf({ clientX, clientY, currentTarget }: PointerEvent<HTMLElement>): Point {
  const { left, top, width, height } = currentTarget.getBoundingClientRect();
  return { x: (clientX - left) / width, y: (clientY - top) / height };
}

function isSlip(from: Point, event: PointerEvent<HTMLElement>): boolean {
  const { width, height } = event.currentTarget.getBoundingClientRect();
  const to = placeOf(event);
  return Math.hypot((to.x - from.x) * width, (to.y - from.y) * height) < SLIP_PIXELS;
}
