import type { Pixels } from '../../types.js';
import type { CropGeometry, Size } from './crop-geometry.js';

/** The source pixels that one output pixel is made of, counted from the window's first, and how much of each. */
interface Taps {
  start: number;
  weights: Float64Array;
}

/** One axis of a resampling: the source pixels it reads, and what each output pixel is made of. */
interface AxisPlan {
  start: number;
  length: number;
  taps: Taps[];
}

/** A resampling and a crop in one. The window is the part of the source that is read. */
export interface ResamplingPlan {
  window: { left: number; top: number; width: number; height: number };
  horizontal: readonly Taps[];
  vertical: readonly Taps[];
}

/** Half the width of the cubic kernel, in pixels of the coarser side: `BICUBIC.support` in Pillow's `Resample.c`. */
const SUPPORT = 2;

/** Keys' cubic convolution with a = -0.5, as in Pillow's `Resample.c`. */
function cubic(distance: number): number {
  const a = -0.5;
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

/** Plans what {@link resampleBicubic} does, so that the caller need decode no more than the window. */
export function planResampling(source: Size, geometry: CropGeometry): ResamplingPlan {
  const { scaled, left, top, width, height } = geometry;
  const horizontal = planAxis({ source: source.width, scaled: scaled.width, first: left, count: width });
  const vertical = planAxis({ source: source.height, scaled: scaled.height, first: top, count: height });
  return {
    window: { left: horizontal.start, top: vertical.start, width: horizontal.length, height: vertical.length },
    horizontal: horizontal.taps,
    vertical: vertical.taps,
  };
}

function planAxis(axis: { source: number; scaled: number; first: number; count: number }): AxisPlan {
  const taps = Array.from({ length: axis.count }, (_, index) => tapsOf(axis.first + index, axis));
  const start = Math.min(...taps.map((tap) => tap.start));
  const end = Math.max(...taps.map((tap) => tap.start + tap.weights.length));
  return { start, length: end - start, taps: taps.map((tap) => ({ ...tap, start: tap.start - start })) };
}

/** `precompute_coeffs` of Pillow's `Resample.c` for one output pixel; at the border the weights are cut and made to sum to 1. */
function tapsOf(pixel: number, { source, scaled }: { source: number; scaled: number }): Taps {
  const scale = source / scaled;
  const kernelScale = Math.max(scale, 1);
  const centre = (pixel + 0.5) * scale;
  const start = Math.max(0, Math.floor(centre - SUPPORT * kernelScale + 0.5));
  const end = Math.min(source, Math.floor(centre + SUPPORT * kernelScale + 0.5));
  const weights = Float64Array.from({ length: end - start }, (_, i) => cubic((start + i - centre + 0.5) / kernelScale));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { start, weights: weights.map((weight) => weight / sum) };
}

/**
 * Pillow's `resize(size, BICUBIC)` and `crop`, for the cropped pixels alone: horizontally, rounded to bytes, then
 * vertically, rounded again. It serves enlarging, where libvips changes to another algorithm that lies half a pixel off
 * (mean error 5 of 255).
 *
 * @param window - the pixels of `plan.window`.
 */
export function resampleBicubic(window: Pixels, plan: ResamplingPlan): Pixels {
  const width = plan.horizontal.length;
  const height = plan.vertical.length;
  const rows = new Uint8ClampedArray(window.height * width * 3);
  plan.horizontal.forEach((taps, x) => {
    for (let y = 0; y < window.height; y++) {
      const from = (y * window.width + taps.start) * 3;
      mix(window.data, { from, step: 3, weights: taps.weights }, rows, (y * width + x) * 3);
    }
  });
  const data = new Uint8ClampedArray(width * height * 3);
  plan.vertical.forEach((taps, y) => {
    for (let x = 0; x < width; x++) {
      const from = (taps.start * width + x) * 3;
      mix(rows, { from, step: width * 3, weights: taps.weights }, data, (y * width + x) * 3);
    }
  });
  return { data: new Uint8Array(data.buffer), width, height };
}

/** One output pixel: the weighted sum of source pixels that lie `step` bytes apart. */
function mix(
  source: Uint8Array | Uint8ClampedArray,
  { from, step, weights }: { from: number; step: number; weights: Float64Array },
  target: Uint8ClampedArray,
  at: number,
): void {
  let red = 0;
  let green = 0;
  let blue = 0;
  let index = from;
  for (const weight of weights) {
    red += weight * (source[index] ?? 0);
    green += weight * (source[index + 1] ?? 0);
    blue += weight * (source[index + 2] ?? 0);
    index += step;
  }
  target[at] = red;
  target[at + 1] = green;
  target[at + 2] = blue;
}
