import type { Pixels } from '../src/types.js';
import type { Evaluated } from './evaluate-set.js';

/** Steps that each of red, green and blue is cut into. */
const STEPS = 8;

/**
 * The floor that a model has to be above: the share of a picture's pixels in each of 512 colours, by square roots, so that
 * the inner product is the Bhattacharyya coefficient of two pictures.
 */
export const colourHistogram: Evaluated = {
  images: {
    model: { name: 'colour-histogram', dimensions: STEPS ** 3 },
    preprocessing: {
      scaling: { kind: 'stretch', width: 112, height: 112 },
      cropWidth: 112,
      cropHeight: 112,
      rescaleFactor: 1 / 255,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    },
    encode: async (pixels) => Promise.resolve(histogramOf(pixels)),
  },
  encodeText: null,
};

function histogramOf({ data, width, height }: Pixels): Float32Array {
  const counts = new Float32Array(STEPS ** 3);
  const stepOf = (value = 0): number => Math.floor((value * STEPS) / 256);
  for (let at = 0; at < data.length; at += 3) {
    const colour = (stepOf(data[at]) * STEPS + stepOf(data[at + 1])) * STEPS + stepOf(data[at + 2]);
    counts[colour] = (counts[colour] ?? 0) + 1;
  }
  return counts.map((count) => Math.sqrt(count / (width * height)));
}
