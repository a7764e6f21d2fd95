import { checkPixels } from '../../src/services/clip/clip-encoder.js';
import type { EncodeOptions, ImageEncoder } from '../../src/services/clip/image-encoder.js';
import { InferenceQueue } from '../../src/services/clip/inference-queue.js';
import type { PreprocessingSpec } from '../../src/services/clip/preprocessing-spec.js';
import { toUnitVector } from '../../src/services/clip/unit-vector.js';
import type { Pixels } from '../../src/types.js';

/** The same input size as the bundled model. */
const PREPROCESSING: PreprocessingSpec = {
  scaling: { kind: 'short-edge', length: 112 },
  cropWidth: 112,
  cropHeight: 112,
  rescaleFactor: 1 / 255,
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
};

/** 13 x 13 cells of red, green and blue are 507 numbers; the rest are constant, so that no vector is zero. */
const GRID = 13;
const DIMENSIONS = 512;

/**
 * An encoder without a model: the mean colour of each cell of a grid. Pictures that look alike have vectors that are alike,
 * and the same pixels always have the same vector. It has the queue of the real one.
 */
export function makeDeterministicEncoder(): ImageEncoder {
  const queue = new InferenceQueue({
    maxBatch: 4,
    maxQueued: 1000,
    run: async (batch) => batch.map((pixels) => ({ vector: toUnitVector(cellMeans(pixels), DIMENSIONS) })),
  });
  return {
    model: { name: 'deterministic', dimensions: DIMENSIONS },
    preprocessing: PREPROCESSING,
    encode: async (pixels: Pixels, options: EncodeOptions) => {
      checkPixels(pixels, PREPROCESSING);
      return queue.add(pixels, options);
    },
    close: () => queue.close(),
  };
}

function cellMeans({ data, width, height }: Pixels): Float32Array {
  const sums = new Float32Array(DIMENSIONS).fill(0.01);
  const pixelsPerCell = (width * height) / (GRID * GRID);
  for (let index = 0; index < data.length; index += 3) {
    const pixel = index / 3;
    const row = Math.floor((Math.floor(pixel / width) * GRID) / height);
    const column = Math.floor(((pixel % width) * GRID) / width);
    for (let channel = 0; channel < 3; channel += 1) {
      const at = (row * GRID + column) * 3 + channel;
      sums[at] = (sums[at] ?? 0) + ((data[index + channel] ?? 0) / 255 - 0.5) / pixelsPerCell;
    }
  }
  return sums;
}
