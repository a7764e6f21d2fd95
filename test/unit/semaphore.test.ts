import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Semaphore } from '../../src/semaphore.js';

/** Whether a promise has settled by now. */
async function hasSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(() => (settled = true));
  await new Promise(setImmediate);
  return settled;
}

describe('Semaphore', () => {
  it('gives as many places as it has, and the next when one is given back', async () => {
    const semaphore = new Semaphore(2);
    const release = await semaphore.acquire();
    await semaphore.acquire();
    const third = semaphore.acquire();
    expect(await hasSettled(third)).toBe(false);
    release();
    expect(await hasSettled(third)).toBe(true);
  });

  it('serves those that wait in the order they came', async () => {
    const semaphore = new Semaphore(1);
    const order: number[] = [];
    const release = await semaphore.acquire();
    const waiting = [1, 2, 3].map(async (number) => {
      const leave = await semaphore.acquire();
      order.push(number);
      leave();
    });
    release();
    await Promise.all(waiting);
    expect(order).toEqual([1, 2, 3]);
  });

  it('counts a place that is given back twice once', async () => {
    const semaphore = new Semaphore(1);
    const release = await semaphore.acquire();
    release();
    release();
    await semaphore.acquire();
    expect(await hasSettled(semaphore.acquire())).toBe(false);
  });

  it('lets one that waits give up, and gives its turn to the next', async () => {
    const semaphore = new Semaphore(1);
    const release = await semaphore.acquire();
    const impatient = new AbortController();
    const first = semaphore.acquire(impatient.signal);
    const second = semaphore.acquire();
    impatient.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    release();
    expect(await hasSettled(second)).toBe(true);
  });

  it('gives no place to one that has given up before it asks', async () => {
    const semaphore = new Semaphore(1);
    await expect(semaphore.acquire(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    expect(await hasSettled(semaphore.acquire())).toBe(true);
  });

  it('leaves no listener on a signal once it has given the place', async () => {
    const semaphore = new Semaphore(1);
    const { signal } = new AbortController();
    const release = await semaphore.acquire(signal);
    const waiting = semaphore.acquire(signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    release();
    await waiting;
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
