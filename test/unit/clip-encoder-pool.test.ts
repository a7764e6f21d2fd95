import { expect, test } from 'vitest';
import type { ClipConfig } from '../../src/config.js';
import { ModelUnavailableError, ServiceUnavailableError } from '../../src/errors.js';
import type { ClipEncoderOptions } from '../../src/services/clip/clip-encoder.js';
import { makeEncoderPool } from '../../src/services/clip/encoder-pool.js';
import type { ClipEncoder } from '../../src/services/clip/image-encoder.js';
import { clipConfig } from '../support/clip-config.js';
import { makeDeterministicEncoder } from '../support/deterministic-encoder.js';
import { silentLog } from '../support/silent-log.js';

/** A pool whose loads end when the test says so. */
function handDrivenPool(config: Partial<ClipConfig> = {}, preloaded: ClipEncoder[] = []) {
  const starts: { model: string; name: string | undefined; signal: AbortSignal | undefined }[] = [];
  const ends: ((error: Error | null) => void)[] = [];
  const closed: string[] = [];
  const clock = { nowMs: 0 };
  const start = async ({ config: { model }, name, signal }: ClipEncoderOptions): Promise<ClipEncoder> => {
    starts.push({ model, name, signal });
    const error = await new Promise<Error | null>((resolve) => ends.push(resolve));
    if (error !== null) throw error;
    const encoder = makeDeterministicEncoder({ name: name ?? model });
    const close = async () => {
      closed.push(encoder.model.name);
    };
    return { ...encoder, close };
  };
  const now = () => clock.nowMs;
  const pool = makeEncoderPool({ config: clipConfig(config), log: silentLog, start, preloaded, now });
  const end = (error: Error | null = null) => {
    const settle = ends.shift();
    if (settle === undefined) expect.fail('Nothing is being loaded.');
    settle(error);
  };
  return { pool, starts, closed, clock, end };
}

const noModel = () => new ModelUnavailableError('The hub does not answer.');

test('a model is loaded once, however many ask for it meanwhile, and kept', async () => {
  const { pool, starts, end } = handDrivenPool();
  const asked = [1, 2, 3].map(() => pool.load({ name: 'clip-ViT-B-32', source: null }));
  expect(pool.loaded('clip-ViT-B-32')).toBeNull();
  end();
  const [encoder, ...others] = await Promise.all(asked);
  expect(others).toEqual([encoder, encoder]);
  expect(await pool.load({ name: 'clip-ViT-B-32', source: null })).toBe(encoder);
  expect(pool.loaded('clip-ViT-B-32')).toBe(encoder);
  expect(starts).toHaveLength(1);
});

test('each model is loaded by its source, under its own name', async () => {
  const { pool, starts, end } = handDrivenPool();
  const asked = [
    pool.load({ name: 'shoes', source: '/srv/models/shoes' }),
    pool.load({ name: 'acme/clip', source: 'acme/clip' }),
    pool.load({ name: 'clip-ViT-L-14', source: null }),
  ];
  for (const _ of asked) end();
  const encoders = await Promise.all(asked);
  expect(encoders.map(({ model }) => model.name)).toEqual(['shoes', 'acme/clip', 'clip-ViT-L-14']);
  expect(starts.map(({ model }) => model)).toEqual(['/srv/models/shoes', 'acme/clip', 'clip-ViT-L-14']);
});

test('a folder that this process is configured with comes before that of another machine', async () => {
  const { pool, starts, end } = handDrivenPool({ model: '/opt/shoes' });
  const asked = pool.load({ name: 'shoes', source: '/srv/models/shoes' });
  end();
  await asked;
  expect(starts.map(({ model, name }) => ({ model, name }))).toEqual([{ model: '/opt/shoes', name: 'shoes' }]);
});

test('a load that failed is tried again, by the latest source, and not within ten seconds', async () => {
  const { pool, starts, clock, end } = handDrivenPool();
  const first = pool.load({ name: 'shoes', source: '/old/shoes' });
  end(noModel());
  await expect(first).rejects.toThrow('The hub does not answer.');
  clock.nowMs = 9_999;
  await expect(pool.load({ name: 'shoes', source: '/new/shoes' })).rejects.toThrow('The hub does not answer.');
  expect(starts).toHaveLength(1);
  expect(pool.loaded('shoes')).toBeNull();
  clock.nowMs = 10_000;
  const second = pool.load({ name: 'shoes', source: '/new/shoes' });
  end();
  expect((await second).model.name).toBe('shoes');
  expect(starts.map(({ model }) => model)).toEqual(['/old/shoes', '/new/shoes']);
});

test('an encoder that is there already is used as it is', async () => {
  const encoder = makeDeterministicEncoder();
  const { pool, starts } = handDrivenPool({}, [encoder]);
  expect(pool.loaded('deterministic')).toBe(encoder);
  expect(await pool.load({ name: 'deterministic', source: null })).toBe(encoder);
  expect(starts).toEqual([]);
});

test('closing breaks downloads off and closes all, what is still being loaded too', async () => {
  const preloaded = makeDeterministicEncoder();
  const { pool, starts, closed, end } = handDrivenPool({}, [preloaded]);
  const asked = [
    pool.load({ name: 'acme/one', source: null }),
    pool.load({ name: 'acme/two', source: null }),
    pool.load({ name: 'acme/three', source: null }),
  ];
  end();
  await asked[0];
  const closing = Promise.all([pool.close(), pool.close()]);
  expect(starts.map(({ signal }) => signal?.aborted)).toEqual([true, true, true]);
  const stopping = new ServiceUnavailableError('The server is stopping: try again in a moment.');
  await expect(pool.load({ name: 'acme/four', source: null })).rejects.toThrow(stopping);
  end();
  end(new ModelUnavailableError('The download was broken off.'));
  await expect(asked[2]).rejects.toThrow(stopping);
  await closing;
  expect(closed).toEqual(['acme/one', 'acme/two']);
  await expect(preloaded.encodeText('red')).rejects.toThrow(stopping);
  expect(pool.loaded('acme/one')).toBeNull();
});
