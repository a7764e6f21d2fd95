import { readFile } from 'node:fs/promises';
import * as fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { BadUserInputError } from '../../src/errors.js';
import { preprocessPhotograph } from '../../src/services/clip/preprocess.js';
import type { PreprocessingSpec } from '../../src/services/clip/preprocessing-spec.js';
import { checkRegion, pixelRegion } from '../../src/services/clip/region.js';
import type { Region } from '../../src/types.js';

const fixtures = new URL('../fixtures/preprocessing/', import.meta.url);
const fixture = async (file: string) => readFile(new URL(file, fixtures));
const maxPixels = 1_000_000;
const whole: Region = { x: 0, y: 0, width: 1, height: 1 };

/** A third of the fixtures' short edges, so that regions are scaled down and up. */
const spec: PreprocessingSpec = {
  scaling: { kind: 'short-edge', length: 32 },
  cropWidth: 32,
  cropHeight: 32,
  rescaleFactor: 1 / 255,
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

const pixelsOf = async (bytes: Buffer, region: Region | null) =>
  (await preprocessPhotograph(bytes, spec, { maxPixels, region })).pixels.data;

const regions = fc
  .record({ x: fc.double({ min: 0, max: 0.95, noNaN: true }), y: fc.double({ min: 0, max: 0.95, noNaN: true }) })
  .chain(({ x, y }) =>
    fc.record({
      x: fc.constant(x),
      y: fc.constant(y),
      width: fc.double({ min: 0.001, max: 1 - x, noNaN: true }),
      height: fc.double({ min: 0.001, max: 1 - y, noNaN: true }),
    }),
  );

/** The region cut out of the upright photograph and saved without loss, as its owner would. */
async function cutByHand(bytes: Buffer, { x, y, width, height }: Region): Promise<Buffer> {
  const upright = await sharp(bytes).autoOrient().png().toBuffer({ resolveWithObject: true });
  const { width: w, height: h } = upright.info;
  const [left, top] = [Math.min(Math.round(x * w), w - 1), Math.min(Math.round(y * h), h - 1)];
  const right = Math.max(left + 1, Math.min(w, Math.round((x + width) * w)));
  const bottom = Math.max(top + 1, Math.min(h, Math.round((y + height) * h)));
  return sharp(upright.data)
    .extract({ left, top, width: right - left, height: bottom - top })
    .png()
    .toBuffer();
}

describe('a region', () => {
  test('comes out as the same part that was cut off by hand, however the photograph is turned', async () => {
    const photographs = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((turn) => fixture(`exif-${turn}.jpg`)));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...photographs), regions, async (bytes, region) => {
        const cut = await cutByHand(bytes, region);
        expect(Buffer.compare(await pixelsOf(bytes, region), await pixelsOf(cut, null))).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  test('of a photograph that is turned by EXIF is that of the upright one', async () => {
    for (const turn of [2, 3, 4, 5, 6, 7, 8]) {
      const bytes = await fixture(`exif-${turn}.jpg`);
      const upright = await sharp(bytes).autoOrient().png().toBuffer();
      const region = { x: 0.13, y: 0.41, width: 0.5, height: 0.37 };
      expect(Buffer.compare(await pixelsOf(bytes, region), await pixelsOf(upright, region))).toBe(0);
    }
  });

  test.each(['portrait.jpg', 'exif-6.jpg', 'exif-6-enlarged.jpg', 'tiny.png', 'alpha.png', 'animated.gif'])(
    'of all of %s is the photograph itself',
    async (file) => {
      const bytes = await fixture(file);
      expect(Buffer.compare(await pixelsOf(bytes, whole), await pixelsOf(bytes, null))).toBe(0);
    },
  );

  test('leaves the size of the whole photograph as it is', async () => {
    const region = { x: 0.5, y: 0.5, width: 0.1, height: 0.2 };
    const { width, height, pixels } = await preprocessPhotograph(await fixture('exif-6.jpg'), spec, {
      maxPixels,
      region,
    });
    expect({ width, height }).toEqual({ width: 131, height: 90 });
    expect(pixels).toMatchObject({ width: 32, height: 32 });
  });

  test.each([
    [
      { x: 0.1, y: 0.2, width: 0.3, height: 0.4 },
      { left: 10, top: 10, width: 30, height: 20 },
    ],
    [
      { x: 0.004, y: 0.009, width: 0.002, height: 0.002 },
      { left: 0, top: 0, width: 1, height: 1 },
    ],
    [
      { x: 0.999_999, y: 0.999_999, width: 0.000_001, height: 0.000_001 },
      { left: 99, top: 49, width: 1, height: 1 },
    ],
    [
      { x: 0.1, y: 0.9, width: 0.900_000_5, height: 0.100_000_5 },
      { left: 10, top: 45, width: 90, height: 5 },
    ],
  ])('%j of 100 x 50 pixels is %j', (region, expected) => {
    checkRegion(region);
    expect(pixelRegion(region, { width: 100, height: 50 })).toEqual(expected);
  });
});

describe('a region is refused', () => {
  const x = (value: string) =>
    `\`region.x\` must be at least 0 and below 1, in shares of the photograph's width, and is ${value}.`;
  const height = (value: string) =>
    `\`region.height\` must be above 0 and at most 1, in shares of the photograph's height, and is ${value}.`;

  test.each([
    [{ x: Number.NaN }, x('NaN')],
    [{ x: -0.1 }, x('-0.1')],
    [{ x: 1 }, x('1')],
    [{ x: Infinity }, x('Infinity')],
    [{ y: -2 }, "`region.y` must be at least 0 and below 1, in shares of the photograph's height, and is -2."],
    [{ height: 0 }, height('0')],
    [{ height: -0.5 }, height('-0.5')],
    [{ height: Number.NaN }, height('NaN')],
    [{ height: 40 }, height('40')],
    [{ width: 1.5 }, "`region.width` must be above 0 and at most 1, in shares of the photograph's width, and is 1.5."],
    [
      { x: 0.5, width: 0.75 },
      '`region.x` and `region.width` must come to 1 at most, for the region to lie within the photograph, and 0.5 and 0.75 come to ' +
        '1.25.',
    ],
    [
      { y: 0.25, height: 1 },
      '`region.y` and `region.height` must come to 1 at most, for the region to lie within the photograph, and 0.25 and 1 come to ' +
        '1.25.',
    ],
  ])('for %j', async (change, message) => {
    const region = { ...whole, ...change };
    expect(() => checkRegion(region)).toThrow(new BadUserInputError('region', message));
    const preprocessed = preprocessPhotograph(await fixture('tiny.png'), spec, { maxPixels, region });
    await expect(preprocessed).rejects.toThrow(new BadUserInputError('region', message));
  });

  test('by the name that the caller knows it by', () => {
    expect(() => checkRegion({ ...whole, y: 3 }, 'input.region')).toThrow(
      new BadUserInputError(
        'input.region',
        "`input.region.y` must be at least 0 and below 1, in shares of the photograph's height, and is 3.",
      ),
    );
  });
});
