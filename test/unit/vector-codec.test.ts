import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeVector } from '../../src/services/vector/codec.js';

const model = { name: 'clip-ViT-B-32', dimensions: 3 };

describe('encodeVector', () => {
  it("writes pgvector's binary format: dimension, zero, big-endian floats", () => {
    expect(encodeVector(Float32Array.of(1, 0, 0), model).toString('hex')).toBe('000300003f8000000000000000000000');
  });

  it('keeps every number of every unit vector', () => {
    const numbers = fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 64 });
    fc.assert(
      fc.property(numbers, (values) => {
        const length = Math.hypot(...values);
        fc.pre(length > 0.01);
        const vector = Float32Array.from(values, (value) => value / length);
        const bytes = encodeVector(vector, { name: 'any', dimensions: vector.length });
        expect(vector.map((_, index) => bytes.readFloatBE(4 + 4 * index))).toEqual(vector);
      }),
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
