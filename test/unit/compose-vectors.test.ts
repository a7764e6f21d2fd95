import { describe, expect, it } from 'vitest';
import { BadUserInputError } from '../../src/errors.js';
import { composeVectors, type QuestionWeights } from '../../src/services/compose-vectors.js';
import { cosine, vectorOf } from '../support/vectors.js';

const DIMENSIONS = 64;
const [text, one, other, product] = [1, 2, 3, 4].map((seed) => vectorOf(seed, DIMENSIONS)) as [
  Float32Array,
  Float32Array,
  Float32Array,
  Float32Array,
];
const EQUAL: QuestionWeights = { text: 1, images: 1, unlike: 1 };

describe('composeVectors', () => {
  it('gives a part that is alone as it is, whatever its weight', () => {
    const alone = composeVectors({ text: null, images: [one], unlike: [] }, { text: 1, images: 0.001, unlike: 1 });
    expect(cosine(alone, one)).toBeCloseTo(1, 6);
  });

  it('scores products by the weighted sum of their similarities to the parts', () => {
    const weights = { text: 2, images: 1, unlike: 0.5 };
    const question = composeVectors({ text, images: [one, other], unlike: [product] }, weights);
    const scoreOf = (vector: Float32Array) =>
      2 * cosine(vector, text) + (cosine(vector, one) + cosine(vector, other)) / 2 - 0.5 * cosine(vector, product);
    const seeds = Array.from({ length: 50 }, (_, seed) => vectorOf(100 + seed, DIMENSIONS));
    const byQuestion = [...seeds].sort((a, b) => cosine(b, question) - cosine(a, question));
    const byScore = [...seeds].sort((a, b) => scoreOf(b) - scoreOf(a));
    expect(byQuestion).toEqual(byScore);
  });

  it('has length 1', () => {
    const question = composeVectors({ text, images: [one, other], unlike: [product] }, EQUAL);
    expect(cosine(question, question)).toBeCloseTo(1, 6);
  });

  it('goes by the ratios of the weights only', () => {
    const parts = { text, images: [one], unlike: [other] };
    const little = composeVectors(parts, { text: 1e-200, images: 2e-200, unlike: 1e-200 });
    expect(cosine(little, composeVectors(parts, { text: 1, images: 2, unlike: 1 }))).toBeCloseTo(1, 6);
  });

  it('turns away from counterexamples', () => {
    const plain = composeVectors({ text, images: [one], unlike: [] }, EQUAL);
    const without = composeVectors({ text, images: [one], unlike: [product] }, EQUAL);
    expect(cosine(without, product)).toBeLessThan(cosine(plain, product));
  });

  it('refuses parts that cancel each other out', () => {
    const question = () => composeVectors({ text: null, images: [one], unlike: [one] }, EQUAL);
    expect(question).toThrow(BadUserInputError);
    expect(question).toThrow(
      '`input` asks for nothing in particular: what it looks for and what it leaves out cancel each other out.',
    );
  });
});
