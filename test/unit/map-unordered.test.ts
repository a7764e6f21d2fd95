import { describe, expect, it } from 'vitest';
import { mapUnordered } from '../../src/jobs/map-unordered.js';

async function* numbers(count: number): AsyncGenerator<number> {
  for (let number = 0; number < count; number += 1) yield number;
}

const turn = () => new Promise(setImmediate);

/** Work that ends when it is told to. */
function heldWork() {
  const started: number[] = [];
  const ends = new Map<number, () => void>();
  const work = (number: number): Promise<number> => {
    started.push(number);
    return new Promise((resolve) => ends.set(number, () => resolve(number * 10)));
  };
  return { started, work, end: (number: number) => ends.get(number)?.() };
}

describe('mapUnordered', () => {
  it('hands on whatever is ready first', async () => {
    const { work, end } = heldWork();
    const results = mapUnordered(numbers(3), 3, work);
    const first = results.next();
    await turn();
    end(2);
    expect(await first).toEqual({ done: false, value: 20 });
    end(0);
    expect((await results.next()).value).toBe(0);
    end(1);
    expect((await results.next()).value).toBe(10);
    expect(await results.next()).toEqual({ done: true, value: undefined });
  });

  it('hands on every result once', async () => {
    const values = [];
    for await (const value of mapUnordered(numbers(500), 7, async (number) => number)) values.push(value);
    expect(values.sort((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, index) => index));
  });

  it('has no more under way and untaken than it may', async () => {
    const { started, work, end } = heldWork();
    const results = mapUnordered(numbers(100), 2, work);
    const first = results.next();
    await turn();
    expect(started).toEqual([0, 1]);
    end(0);
    end(1);
    await first;
    await turn();
    // One was taken, so one place is free; the other result still has its place.
    expect(started).toEqual([0, 1, 2]);
    end(2);
    const over = results.return();
    await over;
    expect(started).toEqual([0, 1, 2]);
  });

  it('throws what the work threw, and what reading the items threw', async () => {
    const failing = mapUnordered(numbers(3), 2, async (number) => {
      if (number === 1) throw new Error('one');
      return number;
    });
    await expect(
      (async () => {
        for await (const _ of failing);
      })(),
    ).rejects.toThrow('one');
    async function* broken(): AsyncGenerator<number> {
      yield 1;
      throw new Error('items');
    }
    const unreadable = mapUnordered(broken(), 2, async (number) => number);
    await expect(
      (async () => {
        for await (const _ of unreadable);
      })(),
    ).rejects.toThrow('items');
  });

  it('ends only when what it started has settled', async () => {
    const { work, end } = heldWork();
    const results = mapUnordered(numbers(2), 2, work);
    const first = results.next();
    await turn();
    end(0);
    await first;
    let isOver = false;
    const over = results.return().then(() => (isOver = true));
    await turn();
    expect(isOver).toBe(false);
    end(1);
    await over;
    expect(isOver).toBe(true);
  });
});
