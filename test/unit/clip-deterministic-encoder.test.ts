import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { preprocessPhotograph } from '../../src/services/clip/preprocess.js';
import { makeDeterministicEncoder } from '../support/deterministic-encoder.js';
import { similarity, testEncoderContract } from '../support/encoder-contract.js';

testEncoderContract('the deterministic encoder', async () => makeDeterministicEncoder());

test('pictures that look alike have vectors that are alike', async () => {
  const encoder = makeDeterministicEncoder();
  const vectorOf = async (bytes: Buffer) => {
    const { pixels } = await preprocessPhotograph(bytes, encoder.preprocessing, { maxPixels: 1_000_000 });
    return encoder.encode(pixels, { priority: 'search' });
  };
  const folder = new URL('../fixtures/preprocessing/', import.meta.url);
  const picture = await readFile(new URL('portrait.jpg', folder));
  const [original, smaller, other] = await Promise.all([
    vectorOf(picture),
    vectorOf(await sharp(picture).resize(200).jpeg({ quality: 60 }).toBuffer()),
    vectorOf(await readFile(new URL('landscape.jpg', folder))),
  ]);
  expect(similarity(original, smaller)).toBeGreaterThan(0.99);
  expect(similarity(original, other)).toBeLessThan(0.9);
});
