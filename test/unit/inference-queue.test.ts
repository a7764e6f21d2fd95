import { describe, expect, test } from 'vitest';
import { ImageError, ServiceUnavailableError } from '../../src/errors.js';
import { NO_OBSERVER, type Observer } from '../../src/observer.js';
import type { EncodePriority } from '../../src/services/clip/image-encoder.js';
import {
  InferenceQueue,
  type InferenceOutcome,
  type InferenceQueueOptions,
} from '../../src/services/clip/inference-queue.js';
import type { Pixels } from '../../src/types.js';
import { until } from '../support/until.js';

/** An image that is known by one number, which is also its vector. */
function image(id: number): Pixels {
  return { data: Uint8Array.of(id), width: 1, height: 1 };
}

const vectorOf = ({ data }: Pixels): InferenceOutcome => ({ vector: Float32Array.from(data) });

/** A queue whose batches end when the test says so. */
function handDriven(options: Partial<InferenceQueueOptions<Pixels>> = {}) {
  const batches: number[][] = [];
  const ends: ((outcomes: InferenceOutcome[] | Error) => void)[] = [];
  const queue = new InferenceQueue<Pixels>({
    maxBatch: 4,
    maxQueued: 100,
    run: async (batch) => {
      batches.push(batch.map(({ data }) => data[0] ?? 0));
      const outcomes = await new Promise<InferenceOutcome[] | Error>((resolve) => ends.push(resolve));
      if (outcomes instanceof Error) throw outcomes;
      return outcomes.length > 0 ? outcomes : batch.map(vectorOf);
    },
    ...options,
  });
  const add = async (id: number, priority: EncodePriority, signal?: AbortSignal) =>
    queue.add(image(id), { priority, signal });
  /** Lets the batch in flight succeed, or end as given, and waits for the next one if there is to be one. */
  const end = async (outcomes: InferenceOutcome[] | Error = []) => {
    const finish = await until('a batch in flight', () => ends.shift());
    finish(outcomes);
  };
  return { queue, batches, add, end };
}

describe('batches', () => {
  test('are what is waiting when the model becomes free, up to the limit', async () => {
    const { batches, add, end } = handDriven();
    const all = Promise.all([1, 2, 3, 4, 5, 6, 7].map((id) => add(id, 'backfill')));
    await end();
    await end();
    await end();
    expect(await all).toEqual([1, 2, 3, 4, 5, 6, 7].map((id) => Float32Array.of(id)));
    expect(batches).toEqual([[1], [2, 3, 4, 5], [6, 7]]);
  });

  test('are never two at once', async () => {
    let running = 0;
    let most = 0;
    const queue = new InferenceQueue<Pixels>({
      maxBatch: 2,
      maxQueued: 100,
      run: async (batch) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise(setImmediate);
        running -= 1;
        return batch.map(vectorOf);
      },
    });
    await Promise.all(Array.from({ length: 9 }, (_, id) => queue.add(image(id), { priority: 'backfill' })));
    expect(most).toBe(1);
  });

  test('hold searches before backfill images, so that a search waits for the one batch in flight only', async () => {
    const { batches, add, end } = handDriven();
    const backfill = [1, 2, 3, 4, 5, 6].map((id) => add(id, 'backfill'));
    const searches = [11, 12].map((id) => add(id, 'search'));
    await end();
    await end();
    expect(await Promise.all(searches)).toEqual([Float32Array.of(11), Float32Array.of(12)]);
    await end();
    await end();
    await Promise.all(backfill);
    expect(batches).toEqual([[1], [11, 12], [2, 3, 4, 5], [6]]);
  });
});

describe('an image that comes to nothing', () => {
  test('takes none of its batch with it', async () => {
    const { add, end } = handDriven();
    const first = add(1, 'backfill');
    const [second, third] = [add(2, 'backfill'), add(3, 'backfill')];
    await end();
    await first;
    const error = new ImageError('INTERNAL', 'No vector.');
    await end([{ error }, { vector: Float32Array.of(3) }]);
    await expect(second).rejects.toBe(error);
    expect(await third).toEqual(Float32Array.of(3));
  });

  test('is rejected with what the model failed with, and the next batch runs', async () => {
    const { add, end } = handDriven();
    const first = add(1, 'search');
    const second = add(2, 'search');
    await end(new ServiceUnavailableError('The model stopped.'));
    await expect(first).rejects.toThrow('The model stopped.');
    await end();
    expect(await second).toEqual(Float32Array.of(2));
  });
});

describe('the bound', () => {
  test('refuses further searches, saying when to try again, and never backfill images', async () => {
    let nowMs = 0;
    const { add, end } = handDriven({ maxQueued: 2, now: () => nowMs });
    const first = add(1, 'search');
    nowMs = 400;
    await end();
    await first;
    const waiting = [2, 3, 4].map((id) => add(id, 'search'));
    const backfill = [21, 22, 23, 24].map((id) => add(id, 'backfill'));
    const refused = await add(5, 'search').catch((error: unknown) => error as ServiceUnavailableError);
    expect(refused).toBeInstanceOf(ServiceUnavailableError);
    expect(refused).toMatchObject({
      message: '2 searches are already waiting for the model: try again in 800 ms.',
      extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterMs: 800 },
    });
    await end();
    await end();
    await end();
    await Promise.all([...waiting, ...backfill]);
  });

  test('gives the place of an aborted search to the next one at once', async () => {
    const { add, batches, end } = handDriven({ maxQueued: 1 });
    const first = add(1, 'search');
    const controller = new AbortController();
    const second = add(2, 'search', controller.signal);
    await expect(add(3, 'search')).rejects.toThrow(ServiceUnavailableError);
    const reason = new Error('left');
    controller.abort(reason);
    const fourth = add(4, 'search');
    await expect(second).rejects.toBe(reason);
    await end();
    await end();
    expect(await Promise.all([first, fourth])).toEqual([Float32Array.of(1), Float32Array.of(4)]);
    expect(batches).toEqual([[1], [4]]);
  });
});

test('many images may share one signal without a warning of Node', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on('warning', note);
  const { add, queue, end } = handDriven();
  const { signal } = new AbortController();
  const all = Promise.allSettled(Array.from({ length: 30 }, (_, id) => add(id, 'backfill', signal)));
  const closed = queue.close();
  await end();
  await Promise.all([all, closed]);
  await new Promise(setImmediate);
  process.off('warning', note);
  expect(warnings.filter(({ name }) => name === 'MaxListenersExceededWarning')).toEqual([]);
});

describe('closing', () => {
  test('rejects what waits and lets the batch in flight end', async () => {
    const { add, queue, end } = handDriven();
    const inFlight = add(1, 'search');
    const waiting = [add(2, 'search'), add(3, 'backfill')];
    const closed = queue.close();
    for (const image of waiting) {
      await expect(image).rejects.toThrow(
        new ServiceUnavailableError('The server is stopping: try again in a moment.'),
      );
    }
    await end();
    await closed;
    expect(await inFlight).toEqual(Float32Array.of(1));
    await expect(add(4, 'search')).rejects.toThrow(ServiceUnavailableError);
  });
});

describe('who watches the queue', () => {
  const watch = () => {
    const noted: [stage: string, ms: number][] = [];
    const waiting = { search: 0, backfill: 0 };
    const observer: Observer = {
      ...NO_OBSERVER,
      note: (stage, ms) => noted.push([stage, ms]),
      queued: (purpose, change) => (waiting[purpose] += change),
    };
    return { noted, waiting, observer };
  };

  test('is told how long each input waited and was inferred', async () => {
    let nowMs = 0;
    const { noted, observer } = watch();
    const { add, end } = handDriven({ observer, now: () => nowMs });
    const all = Promise.all([add(1, 'search'), add(2, 'search')]);
    nowMs = 100;
    await end();
    await until('the second is taken up', () => noted.length === 2);
    nowMs = 130;
    await end();
    await all;
    expect(noted).toEqual([
      ['queue', 0],
      ['inference', 100],
      ['queue', 100],
      ['inference', 30],
    ]);
  });

  test('is told how many wait, those included that give up or are turned away at the end', async () => {
    const { waiting, observer } = watch();
    const { queue, add, end } = handDriven({ observer });
    const leaving = new AbortController();
    const first = add(1, 'search');
    const others = Promise.allSettled([add(2, 'search', leaving.signal), add(3, 'search'), add(4, 'backfill')]);
    expect(waiting).toEqual({ search: 2, backfill: 1 });
    leaving.abort();
    expect(waiting).toEqual({ search: 1, backfill: 1 });
    const closed = queue.close();
    expect(waiting).toEqual({ search: 0, backfill: 0 });
    await end();
    await Promise.all([first, others, closed]);
  });
});
