import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { ImageError } from '../../src/errors.js';
import { preprocessPhotograph, translateDecodeError } from '../../src/services/clip/preprocess.js';
import type { PreprocessingSpec } from '../../src/services/clip/preprocessing-spec.js';

const fixtures = new URL('../fixtures/preprocessing/', import.meta.url);
const limits = { maxPixels: 1_000_000 };

/** One line of cases.json, as make-fixtures.py writes it. */
interface Case {
  name: string;
  file: string;
  shortEdge: number;
  width: number;
  height: number;
  meanAbsoluteErrorAtMost: number;
}

const cases = JSON.parse(await readFile(new URL('cases.json', fixtures), 'utf8')) as Case[];

function specOf(length: number): PreprocessingSpec {
  return {
    scaling: { kind: 'short-edge', length },
    cropWidth: length,
    cropHeight: length,
    rescaleFactor: 1 / 255,
    mean: [0, 0, 0],
    std: [1, 1, 1],
  };
}

function meanAbsoluteError(actual: Uint8Array, expected: Uint8Array): number {
  expect(actual.length).toBe(expected.length);
  return expected.reduce((sum, value, index) => sum + Math.abs(value - (actual[index] ?? 0)), 0) / expected.length;
}

/** A picture of one colour, 60 x 50. */
function plain(background: string) {
  return sharp({ create: { width: 60, height: 50, channels: 3, background } });
}

async function colourOf(bytes: Buffer): Promise<number[]> {
  const { pixels } = await preprocessPhotograph(bytes, specOf(32), limits);
  const middle = (16 * 32 + 16) * 3;
  return [...pixels.data.subarray(middle, middle + 3)];
}

async function refusal(bytes: Buffer): Promise<ImageError> {
  return preprocessPhotograph(bytes, specOf(32), limits).then(
    () => expect.fail('The photograph was accepted.'),
    (error: unknown) => error as ImageError,
  );
}

describe('against tensors made with Pillow', () => {
  test.each(cases)('$name comes out as the reference does', async (reference) => {
    const bytes = await readFile(new URL(reference.file, fixtures));
    const { pixels, width, height } = await preprocessPhotograph(bytes, specOf(reference.shortEdge), limits);
    const expected = gunzipSync(await readFile(new URL(`${reference.name}.rgb.gz`, fixtures)));
    expect({ width, height }).toEqual({ width: reference.width, height: reference.height });
    expect(pixels).toMatchObject({ width: reference.shortEdge, height: reference.shortEdge });
    expect(meanAbsoluteError(pixels.data, expected)).toBeLessThanOrEqual(reference.meanAbsoluteErrorAtMost);
  });
});

describe('colours', () => {
  const brick = '#c83c28';

  test.each([
    ['a JPEG', plain(brick).jpeg({ quality: 100 })],
    ['a WebP', plain(brick).webp({ lossless: true })],
    ['an AVIF', plain(brick).avif({ lossless: true })],
    ['a GIF', plain(brick).gif()],
    ['a 16-bit PNG', plain(brick).toColourspace('rgb16').png()],
    ['a JPEG with the profile of a wide-gamut camera', plain(brick).withIccProfile('p3').jpeg({ quality: 100 })],
  ])('of %s are kept', async (_, picture) => {
    const [red = 0, green = 0, blue = 0] = await colourOf(await picture.toBuffer());
    expect(Math.abs(red - 200)).toBeLessThanOrEqual(4);
    expect(Math.abs(green - 60)).toBeLessThanOrEqual(4);
    expect(Math.abs(blue - 40)).toBeLessThanOrEqual(4);
  });

  // Printing inks reach fewer colours than a screen does, hence the wide tolerance; inverted inks would be off by 100 and more.
  test('of a CMYK JPEG, whose inks are stored inverted, are kept within 30 of 255', async () => {
    const [red = 0, green = 0, blue = 0] = await colourOf(await plain(brick).toColourspace('cmyk').jpeg().toBuffer());
    expect(Math.abs(red - 200)).toBeLessThanOrEqual(30);
    expect(Math.abs(green - 60)).toBeLessThanOrEqual(30);
    expect(Math.abs(blue - 40)).toBeLessThanOrEqual(30);
  });
});

describe('photographs of unusual shape', () => {
  test.each([
    [1, 1],
    [1, 9000],
    [9000, 1],
    [100, 9000],
  ])('a photograph of %i x %i pixels is embedded like any other', async (width, height) => {
    const picture = sharp({ create: { width, height, channels: 3, background: '#c83c28' } });
    const result = await preprocessPhotograph(await picture.png().toBuffer(), specOf(32), limits);
    expect(result).toMatchObject({ width, height, pixels: { width: 32, height: 32 } });
    expect([...result.pixels.data.subarray(0, 3)]).toEqual([200, 60, 40]);
  });
});

test('a stretching model sees the whole photograph', async () => {
  const left = await plain('#ffffff').png().toBuffer();
  const bytes = await sharp(left).extend({ right: 180, background: '#000000' }).png().toBuffer();
  const spec: PreprocessingSpec = { ...specOf(32), scaling: { kind: 'stretch', width: 32, height: 32 } };
  const { pixels } = await preprocessPhotograph(bytes, spec, limits);
  const middleRow = Array.from({ length: 32 }, (_, x) => pixels.data[(16 * 32 + x) * 3]);
  expect(middleRow.slice(0, 6)).toEqual([255, 255, 255, 255, 255, 255]);
  expect(middleRow.slice(11)).toEqual(Array(21).fill(0));
});

describe('what is refused', () => {
  test('an empty file', async () => {
    const error = await refusal(Buffer.alloc(0));
    expect(error).toMatchObject({ reason: 'EMPTY', code: 'IMAGE_UNREADABLE' });
    expect(error.message).toBe('The image is empty: it has 0 bytes.');
  });

  test('text', async () => {
    const error = await refusal(Buffer.from('not a photograph'));
    expect(error).toMatchObject({ reason: 'NOT_AN_IMAGE', code: 'IMAGE_UNREADABLE' });
    expect(error.message).toBe('The file is not an image: give a JPEG, PNG, WebP, AVIF or GIF photograph.');
  });

  test('an SVG drawing', async () => {
    const error = await refusal(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'));
    expect(error).toMatchObject({ reason: 'UNSUPPORTED_FORMAT' });
    expect(error.message).toBe(
      'The file is an SVG drawing, which is not accepted: give a JPEG, PNG, WebP, AVIF or GIF photograph.',
    );
  });

  test('an SVG drawing that begins like a GIF', async () => {
    const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';
    expect(await refusal(Buffer.from(`GIF89a${drawing}`))).toMatchObject({ reason: 'CORRUPT' });
  });

  test.each([
    ['JPEG', plain('#c83c28').jpeg(), 1],
    ['JPEG', plain('#c83c28').jpeg({ progressive: true }), 300],
    ['PNG', plain('#c83c28').png(), 30],
    ['WebP', plain('#c83c28').webp(), 1],
    ['AVIF', plain('#c83c28').avif({ effort: 0 }), 1],
    ['GIF', plain('#c83c28').gif(), 10],
  ])('a %s that is cut off', async (format, picture, missing) => {
    const bytes = await picture.toBuffer();
    const error = await refusal(bytes.subarray(0, bytes.length - missing));
    expect(error).toMatchObject({ reason: 'CORRUPT', code: 'IMAGE_UNREADABLE' });
    expect(error.message).toBe(
      `The ${format} photograph is damaged or cut off and can't be decoded: save it again or give another one.`,
    );
  });

  test('a photograph above the pixel cap, which its header alone tells', async () => {
    const bytes = await sharp({ create: { width: 1001, height: 1000, channels: 3, background: '#ffffff' } })
      .png()
      .toBuffer();
    const error = await refusal(bytes);
    expect(error).toMatchObject({ reason: 'TOO_LARGE', code: 'IMAGE_TOO_LARGE' });
    expect(error.message).toBe(
      'The photograph has 1,001,000 pixels (1001 x 1000), and at most 1,000,000 are accepted: scale it down.',
    );
  });

  test('a photograph that takes too long to decode', () => {
    const error = translateDecodeError(new Error('timeout: 12% complete'), 'avif');
    expect(error).toMatchObject({ reason: 'CORRUPT', code: 'IMAGE_UNREADABLE' });
    expect(error.message).toBe(
      'The AVIF photograph takes too long to decode: save it again in a smaller size or another format.',
    );
  });
});

test('a JPEG with bytes after its end is accepted, as cameras write such files', async () => {
  const bytes = Buffer.concat([await plain('#c83c28').jpeg().toBuffer(), Buffer.alloc(64, 7)]);
  expect((await preprocessPhotograph(bytes, specOf(32), limits)).width).toBe(60);
});

test('formats that are not accepted have no loader in this process', async () => {
  await expect(sharp(await plain('#c83c28').tiff().toBuffer()).metadata()).rejects.toThrow('unsupported image format');
});
