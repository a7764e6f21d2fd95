/** A part of an upright photo, in shares of its width and height: `{ x: 0, y: 0, width: 1, height: 1 }` is the whole. */
export interface Region {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A place in a photo, in shares of its width and height. One outside of it is below 0 or above 1. */
export interface Point {
  x: number;
  y: number;
}

/** How far something goes, in the same shares. */
export interface Distance {
  dx: number;
  dy: number;
}

/** Where a region is taken hold of to resize it, clockwise. */
export const HANDLES = [
  'top-left',
  'top',
  'top-right',
  'right',
  'bottom-right',
  'bottom',
  'bottom-left',
  'left',
] as const;

export type RegionHandle = (typeof HANDLES)[number];

/** Less than this share of a side is a slip of the hand, and shows too little to search with. */
export const SMALLEST_SIDE = 0.05;

/** Where a selection begins that is not drawn: most of the photo, so that its frame is seen to be one. */
export const MIDDLE: Region = { x: 0.2, y: 0.2, width: 0.6, height: 0.6 };

/** Regions are kept to a ten-thousandth, finer than the pixels of a screen, so that equal ones have equal numbers. */
const GRAINS = 10_000;

/** A region along one of its axes. */
interface Span {
  from: number;
  length: number;
}

/** The region with these two corners; too small a one grows away from the first. */
export function regionBetween(anchor: Point, corner: Point): Region {
  return joined(spanBetween(anchor.x, corner.x), spanBetween(anchor.y, corner.y));
}

/** The region moved, up to the edges of the photo, as large as it was. */
export function moveRegion({ x, y, width, height }: Region, { dx, dy }: Distance): Region {
  return joined({ from: x + dx, length: width }, { from: y + dy, length: height });
}

/** The region with one of its handles moved. A handle that goes past the opposite edge turns the region over. */
export function resizeRegion(region: Region, handle: RegionHandle, { dx, dy }: Distance): Region {
  const { x, y, width, height } = region;
  return joined(
    resizedSpan({ from: x, length: width }, sideOf(handle, 'left', 'right'), dx),
    resizedSpan({ from: y, length: height }, sideOf(handle, 'top', 'bottom'), dy),
  );
}

/** The region with its right and its lower edge moved, which stop at the edges of the photo and at the smallest size. */
export function growRegion({ x, y, width, height }: Region, { dx, dy }: Distance): Region {
  return joined(
    { from: x, length: clamp(width + dx, SMALLEST_SIDE, 1 - x) },
    { from: y, length: clamp(height + dy, SMALLEST_SIDE, 1 - y) },
  );
}

/** Whether both are the same part; null is the whole photo. */
export function isSameRegion(one: Region | null, other: Region | null): boolean {
  if (one === null || other === null) return one === other;
  return one.x === other.x && one.y === other.y && one.width === other.width && one.height === other.height;
}

/** "left 20%, top 10%, width 50%, height 40%". */
export function describeRegion({ x, y, width, height }: Region): string {
  return `left ${percent(x)}, top ${percent(y)}, width ${percent(width)}, height ${percent(height)}`;
}

type Side = 'start' | 'end' | null;

function sideOf(handle: RegionHandle, start: string, end: string): Side {
  if (handle.includes(start)) return 'start';
  return handle.includes(end) ? 'end' : null;
}

function resizedSpan({ from, length }: Span, side: Side, distance: number): Span {
  switch (side) {
    case 'start':
      return spanBetween(from + length, from + distance);
    case 'end':
      return spanBetween(from, from + length + distance);
    case null:
      return { from, length };
  }
}

function spanBetween(anchor: number, end: number): Span {
  const [fixed, free] = [clamp(anchor, 0, 1), clamp(end, 0, 1)];
  const length = Math.max(Math.abs(free - fixed), SMALLEST_SIDE);
  return { from: free < fixed ? fixed - length : fixed, length };
}

function joined(horizontal: Span, vertical: Span): Region {
  const across = rounded(horizontal);
  const down = rounded(vertical);
  return { x: across.from, y: down.from, width: across.length, height: down.length };
}

/** The length first, and then the place of all of it within the photo: the server refuses what reaches beyond. */
function rounded({ from, length }: Span): Span {
  const grains = clamp(Math.round(length * GRAINS), Math.round(SMALLEST_SIDE * GRAINS), GRAINS);
  return { from: clamp(Math.round(from * GRAINS), 0, GRAINS - grains) / GRAINS, length: grains / GRAINS };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}
