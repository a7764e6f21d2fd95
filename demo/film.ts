import { PICTURE_SIZE } from './drawing.js';
import { SeededRandom } from './seeded-random.js';

/** Brightness steps, of 255, that the grain goes up and down by at most. */
const GRAIN = 4;

/** Where the lamp points, as shares of the width and height. */
const LAMP = [0.38, 0.3] as const;

/** What the point that is furthest from the lamp's keeps of its light. */
const LEAST_LIGHT = 0.68;

/** What the lamp and the film do to each pixel. */
interface Film {
  /** Light that reaches it, of 256. */
  light: Uint16Array;
  /** What its grain adds to each channel. */
  grain: Int8Array;
}

/** Made with the first picture, for a server without a demo needs none. */
let loaded: Film | undefined;

/**
 * Lights a picture with a lamp from the upper left and adds grain as film has, in place. The film is made once for all
 * pictures: a radial gradient and a filter in each SVG would take longer than all the rest.
 *
 * @param pixels - RGB rows of a picture of 640 by 640.
 */
export function exposeAsFilm(pixels: Uint8Array): void {
  const { light, grain } = (loaded ??= makeFilm());
  for (let pixel = 0, offset = 0; offset < pixels.length; pixel += 1, offset += 3) {
    const pixelLight = light[pixel] ?? 256;
    const pixelGrain = grain[pixel] ?? 0;
    for (let channel = offset; channel < offset + 3; channel += 1) {
      const value = (((pixels[channel] ?? 0) * pixelLight) >> 8) + pixelGrain;
      pixels[channel] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
  }
}

function makeFilm(): Film {
  const random = new SeededRandom(20_260_101);
  const length = PICTURE_SIZE ** 2;
  return {
    light: Uint16Array.from({ length }, (_, pixel) => lightAt(pixel % PICTURE_SIZE, Math.floor(pixel / PICTURE_SIZE))),
    grain: Int8Array.from({ length }, () => Math.round((random.next() + random.next() - 1) * GRAIN)),
  };
}

function lightAt(x: number, y: number): number {
  const distance = Math.hypot(x / PICTURE_SIZE - LAMP[0], y / PICTURE_SIZE - LAMP[1]);
  const reach = distance / Math.hypot(1 - LAMP[0], 1 - LAMP[1]);
  return Math.round(256 * (1 - (1 - LEAST_LIGHT) * reach ** 2.2));
}
