import { PICTURE_SIZE } from './drawing.js';
import { SeededRandom } from './seeded-random.js';

/** Brightness steps, of 255, that the grain goes up and down by at most. */
const GRAIN = 4;

/** What a corner keeps of its light. */
const CORNER_LIGHT = 0.8;

/** The share of the way from the middle to a corner that is free of the lens's shade. */
const CLEAR = 0.55;

/**
 * Darkens the corners as a lens does and adds grain as film has, in place. Both are made once for all pictures: a filter
 * in each SVG costs ten times as much.
 *
 * @param pixels - RGB rows of a picture of 640 by 640.
 */
export function exposeAsFilm(pixels: Uint8Array): void {
  for (let pixel = 0, offset = 0; offset < pixels.length; pixel += 1, offset += 3) {
    const light = LIGHT[pixel] ?? 256;
    const noise = NOISE[pixel] ?? 0;
    for (let channel = offset; channel < offset + 3; channel += 1) {
      const value = (((pixels[channel] ?? 0) * light) >> 8) + noise;
      pixels[channel] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
  }
}

/** Light that reaches each pixel, of 256. */
const LIGHT = Uint16Array.from({ length: PICTURE_SIZE ** 2 }, (_, pixel) => {
  const [x, y] = [pixel % PICTURE_SIZE, Math.floor(pixel / PICTURE_SIZE)];
  const reach = Math.hypot(x / PICTURE_SIZE - 0.5, y / PICTURE_SIZE - 0.48) / Math.SQRT1_2;
  const shade = Math.max(0, (reach - CLEAR) / (1 - CLEAR));
  return Math.round(256 * (1 - (1 - CORNER_LIGHT) * shade ** 1.5));
});

const NOISE = makeNoise(new SeededRandom(20_260_101));

function makeNoise(random: SeededRandom): Int8Array {
  return Int8Array.from({ length: PICTURE_SIZE ** 2 }, () => Math.round((random.next() + random.next() - 1) * GRAIN));
}
