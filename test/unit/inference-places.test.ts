import { describe, expect, test } from 'vitest';
import { ImageError, ServiceUnavailableError } from '../../src/errors.js';
import { InferenceQueue } from '../../src/services/clip/inference-queue.js';

/** A queue of numbers, and what makes them when the test says so. */
function makeQueue({ maxQueued }: { maxQueued: number }) {
  const inferred: number[] = [];
  const made: ((input: number) => void)[] = [];
  const queue = new InferenceQueue<number>({
    maxBatch: 4,
    maxQueued,
    run: async (batch) => {
      inferred.push(...batch);
      return batch.map((input) => ({ vector: Float32Array.of(input) }));
    },
  });
  const make = async () => new Promise<number>((resolve) => made.push(resolve));
  return { queue, inferred, made, make };
}

describe('a search whose input is yet to be made', () => {
  test('has its place before that, and is refused without anything being made', async () => {
    const { queue, made, make } = makeQueue({ maxQueued: 2 });
    const searches = [queue.addMade(make, {}), queue.addMade(make, {})];
    await expect(queue.addMade(make, {})).rejects.toThrow('2 searches are already waiting for the model');
    await expect(queue.add(1, { priority: 'search' })).rejects.toThrow(ServiceUnavailableError);
    expect(() => queue.checkRoom()).toThrow(ServiceUnavailableError);
    expect(made).toHaveLength(2);
    made.forEach((finish, index) => finish(index));
    expect(await Promise.all(searches)).toEqual([Float32Array.of(0), Float32Array.of(1)]);
    expect(() => queue.checkRoom()).not.toThrow();
  });

  test('keeps its place where it is given up until its input is made, and is not inferred then', async () => {
    const { queue, inferred, made, make } = makeQueue({ maxQueued: 1 });
    const leaving = new AbortController();
    const search = queue.addMade(make, { signal: leaving.signal });
    leaving.abort(new Error('left'));
    expect(() => queue.checkRoom()).toThrow(ServiceUnavailableError);
    made[0]?.(1);
    await expect(search).rejects.toThrow('left');
    expect(() => queue.checkRoom()).not.toThrow();
    expect(inferred).toEqual([]);
  });

  test('gives its place back where the input can not be made', async () => {
    const { queue } = makeQueue({ maxQueued: 1 });
    const unreadable = new ImageError('CORRUPT', 'No photograph.');
    await expect(queue.addMade(async () => Promise.reject(unreadable), {})).rejects.toBe(unreadable);
    expect(() => queue.checkRoom()).not.toThrow();
  });

  test('comes to nothing where the queue was closed meanwhile', async () => {
    const { queue, made, make } = makeQueue({ maxQueued: 1 });
    const search = queue.addMade(make, {});
    await queue.close();
    made[0]?.(1);
    await expect(search).rejects.toThrow('The server is stopping: try again in a moment.');
  });
});
