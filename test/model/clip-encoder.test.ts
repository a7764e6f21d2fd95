import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startClipEncoder } from '../../src/services/clip/clip-encoder.js';
import type { ImageEncoder } from '../../src/services/clip/image-encoder.js';
import { clipConfig } from '../support/clip-config.js';
import { testEncoderContract } from '../support/encoder-contract.js';
import { noisePixels } from '../support/noise-pixels.js';
import { silentLog } from '../support/silent-log.js';

const start = async (changes = {}) => startClipEncoder({ config: clipConfig(changes), log: silentLog });

testEncoderContract('the bundled CLIP in its thread', start);

describe('while the model infers', () => {
  let encoder: ImageEncoder;

  beforeAll(async () => {
    encoder = await start();
  });

  afterAll(async () => {
    await encoder.close();
  });

  test('a search overtakes the backfill', async () => {
    const order: string[] = [];
    const encode = async (name: string, priority: 'search' | 'backfill') => {
      await encoder.encode(noisePixels(encoder, 1), { priority });
      order.push(name);
    };
    const backfill = Array.from({ length: 12 }, (_, index) => encode(`backfill ${index}`, 'backfill'));
    await Promise.all([...backfill, encode('search', 'search')]);
    // The first image was alone in the batch that was in flight when the search came.
    expect(order.indexOf('search')).toBe(1);
    expect(order).toHaveLength(13);
  });

  test('the event loop turns on: it is another thread that is busy', async () => {
    const events: ('turn' | 'vector')[] = [];
    const images = Array.from({ length: 16 }, (_, seed) => noisePixels(encoder, seed));
    const vectors = Promise.all(
      images.map(async (pixels) => {
        await encoder.encode(pixels, { priority: 'backfill' });
        events.push('vector');
      }),
    );
    while (events.filter((event) => event === 'vector').length < images.length) {
      await new Promise(setImmediate);
      events.push('turn');
    }
    await vectors;
    // Within this thread there would be a turn or two for each of the five batches; beside it there are thousands.
    expect(events.filter((event) => event === 'turn').length).toBeGreaterThan(100);
  });

  test('closing lets the batch in flight end', async () => {
    const another = await start();
    const inFlight = another.encode(noisePixels(another, 1), { priority: 'search' });
    await another.close();
    expect((await inFlight).length).toBe(512);
  });
});

test('two threads for one inference make the same vectors as one', async () => {
  const [one, two] = await Promise.all([start({ threads: 1 }), start({ threads: 2 })]);
  const pixels = noisePixels(one, 9);
  const [vector, other] = await Promise.all([
    one.encode(pixels, { priority: 'search' }),
    two.encode(pixels, { priority: 'search' }),
  ]);
  vector.forEach((value, index) => {
    expect(Math.abs(value - (other[index] ?? 0))).toBeLessThan(1e-4);
  });
  await Promise.all([one.close(), two.close()]);
});

test('the encoder says what it runs', async () => {
  const encoder = await start();
  expect(encoder.model).toEqual({ name: 'tiny-clip', dimensions: 512 });
  expect(encoder.preprocessing).toMatchObject({
    scaling: { kind: 'stretch', width: 112, height: 112 },
    cropWidth: 112,
  });
  await encoder.close();
});
