import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { ModelUnavailableError } from '../../src/errors.js';
import type { ClipEncoder } from '../../src/services/clip/image-encoder.js';
import { preprocessPhotograph } from '../../src/services/clip/preprocess.js';
import { makeDeterministicEncoder } from '../support/deterministic-encoder.js';
import { similarity, testEncoderContract, testTextContract } from '../support/encoder-contract.js';

testEncoderContract('the deterministic encoder', async () => makeDeterministicEncoder());
testTextContract('the deterministic encoder', async () => makeDeterministicEncoder());

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

describe('a word', () => {
  const plain = async (encoder: ClipEncoder, background: string) => {
    const picture = sharp({ create: { width: 60, height: 60, channels: 3, background } }).png();
    const { pixels } = await preprocessPhotograph(await picture.toBuffer(), encoder.preprocessing, { maxPixels: 9999 });
    return encoder.encode(pixels, { priority: 'search' });
  };

  test('for a colour is nearest to a picture of that colour', async () => {
    const encoder = makeDeterministicEncoder();
    const word = await encoder.encodeText('Red');
    expect(similarity(word, await plain(encoder, 'red'))).toBeGreaterThan(0.999);
    expect(similarity(word, await plain(encoder, 'blue'))).toBeLessThan(0.5);
  });

  test('beside another one counts half', async () => {
    const encoder = makeDeterministicEncoder();
    const words = await encoder.encodeText('red, blue!');
    for (const colour of ['red', 'blue'])
      expect(similarity(words, await plain(encoder, colour))).toBeGreaterThan(
        similarity(words, await plain(encoder, 'green')),
      );
  });

  test('for nothing that it knows is unrelated to the others', async () => {
    const encoder = makeDeterministicEncoder();
    const [shoe, hat] = await Promise.all([encoder.encodeText('shoe'), encoder.encodeText('hat')]);
    expect(Math.abs(similarity(shoe, hat))).toBeLessThan(0.3);
  });

  test('comes to nothing in a model that has no text tower', async () => {
    const encoder = makeDeterministicEncoder({ hasText: false });
    await expect(encoder.encodeText('red')).rejects.toThrow(
      new ModelUnavailableError(
        'The model "deterministic" has no text tower, so it can\'t search by words. Models that have one: clip-ViT-B-32, ' +
          'clip-ViT-B-16, clip-ViT-L-14, tiny-clip.',
        { details: { models: ['clip-ViT-B-32', 'clip-ViT-B-16', 'clip-ViT-L-14', 'tiny-clip'] }, logLevel: 'info' },
      ),
    );
  });
});

test('another name makes another model, with another dimension', async () => {
  const encoder = makeDeterministicEncoder({ name: 'coarse' });
  expect(encoder.model).toEqual({ name: 'coarse', dimensions: 64 });
  const vector = await encoder.encodeText('red');
  expect(vector).toHaveLength(64);
});
