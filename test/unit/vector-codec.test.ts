import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeVector, encodeVector } from '../../src/services/vector/codec.js';

const model = { name: 'clip-ViT-B-32', dimensions: 3 };

const unitVectors = fc
  .array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 64 })
  .filter((values) => Math.hypot(...values) > 0.01)
  .map((values) => Float32Array.from(values, (value) => value / Math.hypot(...values)));

describe('encodeVector', () => {
  it("writes pgvector's binary format: dimension, zero, big-endian floats", () => {
    expect(encodeVector(Float32Array.of(1, 0, 0), model).toString('hex')).toBe('000300003f8000000000000000000000');
  });

  it('keeps every number of every unit vector', () => {
    fc.assert(
      fc.property(unitVectors, (vector) => {
        const bytes = encodeVector(vector, { name: 'any', dimensions: vector.length });
        expect(vector.map((_, index) => bytes.readFloatBE(4 + 4 * index))).toEqual(vector);
      }),
    );
  });
});

describe('decodeVector', () => {
  it('gives back every vector that was encoded', () => {
    fc.assert(
      fc.property(unitVectors, (vector) => {
        expect(decodeVector(encodeVector(vector, { name: 'any', dimensions: vector.length }))).toEqual(vector);
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['a header that is cut short', '0003'],
    ['no numbers', '00000000'],
    ['fewer numbers than it says', '000200003f800000'],
    ['more numbers than it says', '000100003f80000000000000'],
  ])('refuses %s', (_what, hex) => {
    expect(() => decodeVector(Buffer.from(hex, 'hex'))).toThrow(
      new RangeError(`${hex.length / 2} bytes are no vector of pgvector.`),
    );
  });
});

describe('misuse of encodeVector', () => {
  it('refuses a vector of another length', () => {
    expect(() => encodeVector(Float32Array.of(1, 0), model)).toThrow(
      new RangeError('A vector of "clip-ViT-B-32" has 3 numbers, and this one has 2.'),
    );
  });

  it.each([NaN, Infinity, -Infinity])('refuses %s', (value) => {
    expect(() => encodeVector(Float32Array.of(1, value, 0), model)).toThrow(
      new RangeError(`A vector has finite numbers only, and number 1 of this one is ${value}.`),
    );
  });

  it.each([
    [Float32Array.of(0, 0, 0), '0.0000'],
    [Float32Array.of(1, 1, 0), '1.4142'],
    [Float32Array.of(0.99, 0, 0), '0.9900'],
  ])('refuses %s, which has not length 1', (vector, length) => {
    expect(() => encodeVector(vector, model)).toThrow(
      new RangeError(`A vector has length 1, and this one has ${length}.`),
    );
  });
});
