import { growRegion, moveRegion, type Distance, type Region } from './region-geometry.js';

/** What is pressed, as keyboard events say it. */
export interface Keystroke {
  key: string;
  shiftKey: boolean;
  altKey: boolean;
  ctrlKey: boolean;
}

const STEP = 0.01;
const LONG_STEP = 0.05;

const DIRECTIONS: ReadonlyMap<string, Distance> = new Map([
  ['ArrowLeft', { dx: -1, dy: 0 }],
  ['ArrowRight', { dx: 1, dy: 0 }],
  ['ArrowUp', { dx: 0, dy: -1 }],
  ['ArrowDown', { dx: 0, dy: 1 }],
]);

/**
 * What becomes of a region when a key is pressed: arrows move it by a hundredth of the photo, with Shift by five; with Alt or
 * Ctrl they resize it instead. Both, because the browser takes the one on some systems and the system the other.
 *
 * @returns null for keys that mean nothing here.
 */
export function pressKey(region: Region, { key, shiftKey, altKey, ctrlKey }: Keystroke): Region | null {
  const direction = DIRECTIONS.get(key);
  if (direction === undefined) return null;
  const step = shiftKey ? LONG_STEP : STEP;
  const distance = { dx: direction.dx * step, dy: direction.dy * step };
  return altKey || ctrlKey ? growRegion(region, distance) : moveRegion(region, distance);
}
