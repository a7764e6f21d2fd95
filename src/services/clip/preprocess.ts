import type { Sharp } from 'sharp';
import { ImageError } from '../../errors.js';
import type { Pixels, Region } from '../../types.js';
import { checkParts } from '../images/check-parts.js';
import { sniffFormat, type PhotographFormat } from '../images/sniff-format.js';
import { cropGeometry, type CropGeometry, type Size } from './crop-geometry.js';
import { openPhotograph } from './open-photograph.js';
import type { PreprocessingSpec } from './preprocessing-spec.js';
import { checkRegion, pixelRegion, type PixelRegion } from './region.js';
import { planResampling, resampleBicubic } from './resample-bicubic.js';

export interface PreprocessedPhotograph {
  /** `spec.cropWidth` x `spec.cropHeight`, ready for `ImageEncoder.encode`. */
  pixels: Pixels;
  /** Size of the whole photograph, upright. */
  width: number;
  height: number;
}

export interface PreprocessOptions {
  /** Cap on width times height of the whole photograph. */
  maxPixels: number;
  /** The part to look at, as if the rest had been cut off before; null, or nothing, for the whole. */
  region?: Region | null | undefined;
}

/**
 * Decodes a photograph and brings it to the size that a model wants, as Pillow would: upright, transparency on white,
 * first frame, grey, palette, CMYK and 16-bit as 8-bit sRGB.
 *
 * @param bytes - a JPEG, PNG, WebP, AVIF or GIF file; what it is, its content says.
 * @throws BadUserInputError for a region that does not lie within the photograph.
 * @throws ImageError EMPTY, NOT_AN_IMAGE or UNSUPPORTED_FORMAT for something else than a photograph; TOO_LARGE above the
 *   cap, for a side above 65,535 pixels, and for far too many scans or frames; CORRUPT for one that is damaged, cut off or takes
 *   too long to decode.
 */
export async function preprocessPhotograph(
  bytes: Buffer,
  spec: PreprocessingSpec,
  options: PreprocessOptions,
): Promise<PreprocessedPhotograph> {
  const { maxPixels, region = null } = options;
  if (region !== null) checkRegion(region);
  const format = sniffFormat(bytes);
  checkParts(bytes, format);
  try {
    const size = await readSize(bytes, maxPixels);
    const part = region === null ? { left: 0, top: 0, ...size } : pixelRegion(region, size);
    const pixels = await decode(openPhotograph(bytes, { maxPixels }), part, cropGeometry(part, spec));
    return { pixels, ...size };
  } catch (error) {
    throw translateDecodeError(error, format);
  }
}

/** No camera makes longer ones, nor can any format but PNG have them; such a strip takes far longer than its pixels should. */
const MAX_SIDE = 65_535;

/** The header alone, without the pixel cap: it decodes nothing, and the message should have the size. */
async function readSize(bytes: Buffer, maxPixels: number): Promise<Size> {
  const { autoOrient } = await openPhotograph(bytes, { maxPixels: false }).metadata();
  const { width, height } = autoOrient;
  if (width * height > maxPixels) {
    throw new ImageError(
      'TOO_LARGE',
      `The photograph has ${withCommas(width * height)} pixels (${width} x ${height}), and at most ` +
        `${withCommas(maxPixels)} are accepted: scale it down.`,
    );
  }
  if (Math.max(width, height) > MAX_SIDE) {
    const most = `at most ${withCommas(MAX_SIDE)} pixels on each side are accepted: cut it`;
    throw new ImageError('TOO_LARGE', `The photograph is ${width} x ${height}, and ${most}.`);
  }
  return { width, height };
}

/** Scales and crops a part of a photograph, which may be the whole of it. */
async function decode(photograph: Sharp, part: PixelRegion, geometry: CropGeometry): Promise<Pixels> {
  const { scaled, left, top, width, height } = geometry;
  if (scaled.width > part.width || scaled.height > part.height) {
    const plan = planResampling(part, geometry);
    const window = { ...plan.window, left: part.left + plan.window.left, top: part.top + plan.window.top };
    return resampleBicubic(await readRgb(photograph.extract(window), window), plan);
  }
  const resized = photograph
    .extract(part)
    .resize(scaled.width, scaled.height, { fit: 'fill', kernel: 'cubic', fastShrinkOnLoad: false })
    .extract({ left, top, width, height });
  return readRgb(resized, geometry);
}

async function readRgb(photograph: Sharp, { width, height }: Size): Promise<Pixels> {
  const data = await photograph
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer();
  if (data.length !== width * height * 3) {
    throw new ImageError('INTERNAL', `Decoding gave ${data.length} bytes for ${width} x ${height} RGB pixels.`);
  }
  return { data, width, height };
}

/**
 * What a failed decoding means to the owner of the photograph.
 *
 * @param error - of libvips, which says so in words only.
 */
export function translateDecodeError(error: unknown, format: PhotographFormat): ImageError {
  if (error instanceof ImageError) return error;
  const message = error instanceof Error ? error.message : '';
  const name = NAME_OF_FORMAT[format];
  if (message.startsWith('timeout:')) {
    const tooSlow = `The ${name} photograph takes too long to decode: save it again in a smaller size or another format.`;
    return new ImageError('CORRUPT', tooSlow, { cause: error });
  }
  const damaged = `The ${name} photograph is damaged or cut off and can't be decoded: save it again or give another one.`;
  return new ImageError('CORRUPT', damaged, { cause: error });
}

const NAME_OF_FORMAT: Record<PhotographFormat, string> = {
  jpeg: 'JPEG',
  png: 'PNG',
  webp: 'WebP',
  avif: 'AVIF',
  gif: 'GIF',
};

function withCommas(value: number): string {
  return value.toLocaleString('en-US');
}
