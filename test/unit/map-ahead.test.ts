import { describe, expect, it } from 'vitest';
import { mapAhead } from '../../src/jobs/map-ahead.js';

async function* numbers(count: number): AsyncGenerator<number> {
  for (let number = 0; number < count; number += 1) yield number;
}

describe('mapAhead', () => {
  it('hands results on in order, whichever is ready first', async () => {
    const settle = new Map<number, (value: number) => void>();
    const started: number[] = [];
    const results = mapAhead(numbers(4), 3, (number) => {
      started.push(number);
      return new Promise<number>((resolve) => settle.set(number, resolve));
    });
    const first = results.next();
    const rest = (async () => {
      await first;
      const values = [];
      for await (const value of results) values.push(value);
      return values;
    })();
    await new Promise(setImmediate);
    expect(started).toEqual([0, 1, 2, 3]);
    for (const number of [3, 1, 0, 2]) settle.get(number)?.(number * 10);
    expect(await first).toEqual({ done: false, value: 0 });
    expect(await rest).toEqual([10, 20, 30]);
  });

  it('starts no more ahead than it may', async () => {
    let started = 0;
    const results = mapAhead(numbers(100), 2, async (number) => {
      started += 1;
      return number;
    });
    await results.next();
    expect(started).toBe(3);
    await results.next();
    expect(started).toBe(4);
    await results.return();
  });

  it('rejects when the turn of what failed comes, and starts nothing after', async () => {
    const started: number[] = [];
    const results = mapAhead(numbers(10), 1, async (number) => {
      started.push(number);
      if (number === 1) throw new Error('one');
      return number;
    });
    expect(await results.next()).toEqual({ done: false, value: 0 });
    await expect(results.next()).rejects.toThrow('one');
    expect(started.length).toBeLessThanOrEqual(3);
    expect(await results.next()).toEqual({ done: true, value: undefined });
  });

  it('ends only when what it started has settled', async () => {
    let finish: () => void = () => undefined;
    const results = mapAhead(numbers(2), 1, (number) =>
      number === 0
        ? Promise.resolve(0)
        : new Promise<number>(
            (resolve) =>
              (finish = () => {
                resolve(1);
              }),
          ),
    );
    await results.next();
    let isOver = false;
    const over = results.return().then(() => (isOver = true));
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    finish();
    await over;
    expect(isOver).toBe(true);
  });
});
