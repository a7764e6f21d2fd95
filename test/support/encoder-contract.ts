import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ImageError, ServiceUnavailableError } from '../../src/errors.js';
import type { ClipEncoder, ImageEncoder } from '../../src/services/clip/image-encoder.js';
import { noisePixels } from './noise-pixels.js';

export function similarity(one: Float32Array, other: Float32Array): number {
  expect(one.length).toBe(other.length);
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
}

/** What every `ImageEncoder` does, the one of the tests and the real one. */
export function testEncoderContract(name: string, start: () => Promise<ImageEncoder>): void {
  describe(`${name}, as an image encoder,`, () => {
    let encoder: ImageEncoder;

    beforeAll(async () => {
      encoder = await start();
    });

    afterAll(async () => {
      await encoder.close();
    });

    test('makes vectors of length 1 with as many numbers as the model has dimensions', async () => {
      for (const seed of [1, 2, 3]) {
        const vector = await encoder.encode(noisePixels(encoder, seed), { priority: 'search' });
        expect(vector).toBeInstanceOf(Float32Array);
        expect(vector.length).toBe(encoder.model.dimensions);
        expect(similarity(vector, vector)).toBeCloseTo(1, 5);
      }
    });

    test('makes the same vector of the same pixels, whatever they are batched with', async () => {
      const images = Array.from({ length: 11 }, (_, seed) => noisePixels(encoder, seed));
      const together = await Promise.all(images.map((pixels) => encoder.encode(pixels, { priority: 'backfill' })));
      for (const [index, pixels] of images.entries()) {
        const alone = await encoder.encode(pixels, { priority: 'search' });
        alone.forEach((value, at) => {
          expect(Math.abs(value - (together[index]?.[at] ?? 0))).toBeLessThan(1e-4);
        });
      }
    });

    test('makes different vectors of different pixels, and gives each caller a vector of its own', async () => {
      const pixels = noisePixels(encoder, 1);
      const [one, again, other] = await Promise.all([
        encoder.encode(pixels, { priority: 'search' }),
        encoder.encode(pixels, { priority: 'search' }),
        encoder.encode({ ...pixels, data: new Uint8Array(pixels.data.length).fill(250) }, { priority: 'search' }),
      ]);
      expect(similarity(one, other)).toBeLessThan(0.99);
      one.fill(0);
      expect(similarity(again, again)).toBeCloseTo(1, 5);
    });

    test('leaves the pixels to the caller', async () => {
      const pixels = noisePixels(encoder, 5);
      const before = Uint8Array.from(pixels.data);
      await encoder.encode(pixels, { priority: 'search' });
      expect(pixels.data).toEqual(before);
    });

    test('takes pixels that lie within a larger buffer', async () => {
      const pixels = noisePixels(encoder, 6);
      const large = new Uint8Array(pixels.data.length + 100);
      large.set(pixels.data, 50);
      const within = { ...pixels, data: large.subarray(50, 50 + pixels.data.length) };
      const [one, other] = await Promise.all([
        encoder.encode(pixels, { priority: 'search' }),
        encoder.encode(within, { priority: 'search' }),
      ]);
      expect(similarity(one, other)).toBeCloseTo(1, 5);
    });

    test('refuses pixels of another size, and goes on with the others', async () => {
      const small = { data: new Uint8Array(12), width: 2, height: 2 };
      const refused = encoder.encode(small, { priority: 'backfill' });
      const accepted = encoder.encode(noisePixels(encoder, 1), { priority: 'backfill' });
      const { cropWidth, cropHeight } = encoder.preprocessing;
      await expect(refused).rejects.toThrow(
        new ImageError('INTERNAL', `The model takes ${cropWidth} x ${cropHeight} pixels, not 2 x 2 in 12 bytes.`),
      );
      expect((await accepted).length).toBe(encoder.model.dimensions);
    });

    test('rejects with the reason of a signal that is aborted before or while it waits', async () => {
      const reason = new Error('the visitor left');
      const pixels = noisePixels(encoder, 1);
      const before = encoder.encode(pixels, { priority: 'search', signal: AbortSignal.abort(reason) });
      await expect(before).rejects.toBe(reason);
      const controller = new AbortController();
      const during = encoder.encode(pixels, { priority: 'search', signal: controller.signal });
      controller.abort(reason);
      await expect(during).rejects.toBe(reason);
    });

    test('takes nothing more once it is closed, and can be closed twice', async () => {
      const another = await start();
      const pixels = noisePixels(another, 1);
      await Promise.all([another.close(), another.close()]);
      await another.close();
      await expect(another.encode(pixels, { priority: 'search' })).rejects.toThrow(
        new ServiceUnavailableError('The server is stopping: try again in a moment.'),
      );
    });
  });
}

/** What every encoder with a text tower does. */
export function testTextContract(name: string, start: () => Promise<ClipEncoder>): void {
  describe(`${name}, as an encoder of texts,`, () => {
    let encoder: ClipEncoder;

    beforeAll(async () => {
      encoder = await start();
    });

    afterAll(async () => {
      await encoder.close();
    });

    test('makes vectors of length 1 with as many numbers as the model has dimensions', async () => {
      for (const text of ['red', 'a blue shoe', 'été 👟 鞋', '']) {
        const vector = await encoder.encodeText(text);
        expect(vector).toBeInstanceOf(Float32Array);
        expect(vector.length).toBe(encoder.model.dimensions);
        expect(similarity(vector, vector)).toBeCloseTo(1, 5);
      }
    });

    test('makes the same vector of the same text, another one of another, and gives each caller one of its own', async () => {
      const texts = ['red', 'red', 'blue'];
      const [one, again, other] = await Promise.all(texts.map((text) => encoder.encodeText(text)));
      if (one === undefined || again === undefined || other === undefined) expect.fail('There are three texts.');
      expect(again).toEqual(one);
      expect(similarity(one, other)).toBeLessThan(0.99);
      one.fill(0);
      expect(similarity(again, again)).toBeCloseTo(1, 5);
      expect(await encoder.encodeText('red')).toEqual(again);
    });

    test('takes a text of any length', async () => {
      const vector = await encoder.encodeText('red shoe '.repeat(2000));
      expect(similarity(vector, vector)).toBeCloseTo(1, 5);
    });

    test('rejects with the reason of a signal that is aborted before or while it waits', async () => {
      const reason = new Error('the visitor left');
      await expect(encoder.encodeText('green', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      const controller = new AbortController();
      const during = encoder.encodeText('a green hat', { signal: controller.signal });
      controller.abort(reason);
      await expect(during).rejects.toBe(reason);
      expect(await encoder.encodeText('a green hat')).toHaveLength(encoder.model.dimensions);
    });

    test('takes nothing more once it is closed', async () => {
      const another = await start();
      await another.encodeText('red');
      await another.close();
      for (const text of ['red', 'blue']) {
        await expect(another.encodeText(text)).rejects.toThrow(
          new ServiceUnavailableError('The server is stopping: try again in a moment.'),
        );
      }
    });
  });
}
