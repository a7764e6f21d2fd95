import type { ImageEncoder } from '../../src/services/clip/image-encoder.js';
import type { Pixels } from '../../src/types.js';

/** Pixels of the size an encoder takes: noise that a seed decides. */
export function noisePixels({ preprocessing }: ImageEncoder, seed: number): Pixels {
  const { cropWidth: width, cropHeight: height } = preprocessing;
  let state = seed + 1;
  const data = Uint8Array.from({ length: width * height * 3 }, () => {
    // The linear congruential generator of Numerical Recipes.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
  return { data, width, height };
}
