import { describe, expect, it } from 'vitest';
import { KeyedSemaphore, Semaphore } from '../../src/jobs/semaphore.js';

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
});

describe('KeyedSemaphore', () => {
  it('keeps keys apart', async () => {
    const semaphore = new KeyedSemaphore(1);
    const release = await semaphore.acquire('slow.example');
    const sameHost = semaphore.acquire('slow.example');
    expect(await hasSettled(semaphore.acquire('other.example'))).toBe(true);
    expect(await hasSettled(sameHost)).toBe(false);
    release();
    expect(await hasSettled(sameHost)).toBe(true);
  });
});
