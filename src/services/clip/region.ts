import { BadUserInputError } from '../../errors.js';
import type { Region } from '../../types.js';
import type { Size } from './crop-geometry.js';

/** Where a region lies in a photograph, in whole pixels. */
export interface PixelRegion extends Size {
  left: number;
  top: number;
}

/** Sums of shares that a client has rounded, such as 0.1 + 0.9, may come out a little above 1. */
const TOLERANCE = 1e-6;

/**
 * Checks that a region lies within the photograph and is no mere line.
 *
 * @param argument - as the caller wrote it, for the message.
 * @throws BadUserInputError
 */
export function checkRegion(region: Region, argument = 'region'): void {
  checkSide(region, { start: 'x', length: 'width', side: 'width' }, argument);
  checkSide(region, { start: 'y', length: 'height', side: 'height' }, argument);
}

interface Axis {
  start: 'x' | 'y';
  length: 'width' | 'height';
  side: string;
}

function checkSide(region: Region, { start, length, side }: Axis, argument: string): void {
  const [from, share] = [region[start], region[length]];
  if (!(from >= 0 && from < 1)) {
    throw refusal(
      argument,
      `\`${argument}.${start}\` must be at least 0 and below 1, in shares of the photograph's ${side}, and is ${from}.`,
    );
  }
  if (!(share > 0 && share <= 1 + TOLERANCE)) {
    throw refusal(
      argument,
      `\`${argument}.${length}\` must be above 0 and at most 1, in shares of the photograph's ${side}, and is ${share}.`,
    );
  }
  if (from + share > 1 + TOLERANCE) {
    throw refusal(
      argument,
      `\`${argument}.${start}\` and \`${argument}.${length}\` must come to 1 at most, for the region to lie within the photograph, and ` +
        `${from} and ${share} come to ${from + share}.`,
    );
  }
}

function refusal(argument: string, message: string): BadUserInputError {
  return new BadUserInputError(argument, message);
}

/**
 * The pixels that a region covers: its edges rounded to the nearest pixel's, at least one pixel wide and high.
 *
 * @param region - as {@link checkRegion} accepts it.
 * @param photograph - upright.
 */
export function pixelRegion({ x, y, width, height }: Region, photograph: Size): PixelRegion {
  const horizontal = pixelsOf(x, width, photograph.width);
  const vertical = pixelsOf(y, height, photograph.height);
  return { left: horizontal.start, top: vertical.start, width: horizontal.length, height: vertical.length };
}

function pixelsOf(from: number, share: number, pixels: number): { start: number; length: number } {
  const start = Math.min(Math.round(from * pixels), pixels - 1);
  const end = Math.min(Math.round((from + share) * pixels), pixels);
  return { start, length: Math.max(end - start, 1) };
}
