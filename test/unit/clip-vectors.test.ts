import { describe, expect, test } from 'vitest';
import { ImageError } from '../../src/errors.js';
import { PixelNormaliser } from '../../src/services/clip/pixel-normaliser.js';
import { toUnitVector } from '../../src/services/clip/unit-vector.js';

describe('a vector', () => {
  test('is the output of the model scaled to length 1', () => {
    expect([...toUnitVector(Float32Array.of(3, 0, -4), 3)]).toEqual([Math.fround(0.6), 0, Math.fround(-0.8)]);
  });

  test('is refused where its length is not that of the model', () => {
    expect(() => toUnitVector(Float32Array.of(1, 2), 3)).toThrow(
      new ImageError('INTERNAL', 'The model made 2 numbers of the image instead of 3.'),
    );
  });

  test.each([[[1, Number.NaN]], [[1, Infinity]], [[-Infinity, Infinity]], [[0, 0]]])('is refused for %j', (output) => {
    expect(() => toUnitVector(Float32Array.from(output), 2)).toThrow(
      new ImageError('INTERNAL', 'The model made no usable vector of the image: its output is not finite or all zero.'),
    );
  });
});

test('bytes become one plane a channel, less the mean and over the deviation', () => {
  const spec = {
    scaling: { kind: 'short-edge', length: 2 } as const,
    cropWidth: 2,
    cropHeight: 1,
    rescaleFactor: 1 / 255,
    mean: [0, 0.5, 1] as const,
    std: [1, 0.5, 2] as const,
  };
  const normaliser = new PixelNormaliser(spec, 2);
  const { data, dims } = normaliser.normalise({
    count: 2,
    pixels: Uint8Array.of(255, 255, 255, 0, 0, 0, 51, 0, 255, 0, 0, 0),
  });
  expect(dims).toEqual([2, 3, 1, 2]);
  expect([...data]).toEqual([1, 0, 1, -1, 0, -0.5, Math.fround(0.2), 0, -1, -1, 0, -0.5]);
});
