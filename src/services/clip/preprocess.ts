import type { Sharp } from 'sharp';
import { ImageError } from '../../errors.js';
import type { Pixels } from '../../types.js';
import { sniffFormat, type PhotographFormat } from '../images/sniff-format.js';
import { cropGeometry, type CropGeometry, type Size } from './crop-geometry.js';
import { openPhotograph } from './open-photograph.js';
import type { PreprocessingSpec } from './preprocessing-spec.js';
import { planResampling, resampleBicubic } from './resample-bicubic.js';

export interface PreprocessedPhotograph {
  /** `spec.cropWidth` x `spec.cropHeight`, ready for `ImageEncoder.encode`. */
  pixels: Pixels;
  /** Size of the whole photograph, upright. */
  width: number;
  height: number;
}

/**
 * Decodes a photograph and brings it to the size that a model wants, as Pillow would: upright, transparency on white,
 * first frame, grey, palette, CMYK and 16-bit as 8-bit sRGB.
 *
 * @param bytes - a JPEG, PNG, WebP, AVIF or GIF file; what it is, its content says.
 * @param limits.maxPixels - cap on width times height.
 * @throws ImageError EMPTY, NOT_AN_IMAGE or UNSUPPORTED_FORMAT for something else than a photograph; TOO_LARGE above the
 *   cap; CORRUPT for one that is damaged, cut off or takes too long to decode.
 */
export async function preprocessPhotograph(
  bytes: Buffer,
  spec: PreprocessingSpec,
  limits: { maxPixels: number },
): Promise<PreprocessedPhotograph> {
  const format = sniffFormat(bytes);
  try {
    const size = await readSize(bytes, limits.maxPixels);
    const geometry = cropGeometry(size, spec);
    const pixels = await decode(openPhotograph(bytes, limits), size, geometry);
    return { pixels, ...size };
  } catch (error) {
    throw translateDecodeError(error, format);
  }
}

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
  return { width, height };
}

async function decode(photograph: Sharp, size: Size, geometry: CropGeometry): Promise<Pixels> {
  const { scaled, left, top, width, height } = geometry;
  if (scaled.width > size.width || scaled.height > size.height) {
    const plan = planResampling(size, geometry);
    return resampleBicubic(await readRgb(photograph.extract(plan.window), plan.window), plan);
  }
  const resized = photograph
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
