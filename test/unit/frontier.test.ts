import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Frontier } from '../../src/jobs/frontier.js';

describe('Frontier', () => {
  it('stands before the first gap', () => {
    const frontier = new Frontier();
    const [a, b, c] = ['a', 'b', 'c'].map((key) => frontier.add(key, false));
    if (!a || !b || !c) throw new Error('three were added');
    frontier.settle(b);
    expect(frontier.take()).toEqual({ checkpoint: null, skipped: 0 });
    frontier.settle(a);
    expect(frontier.take()).toEqual({ checkpoint: 'b', skipped: 0 });
    frontier.settle(c);
    expect(frontier.take()).toEqual({ checkpoint: 'c', skipped: 0 });
  });

  it('counts what was skipped once, when it is passed', () => {
    const frontier = new Frontier();
    const slow = frontier.add('1', false);
    for (const key of ['2', '3']) frontier.settle(frontier.add(key, true));
    expect(frontier.take()).toEqual({ checkpoint: null, skipped: 0 });
    frontier.settle(slow);
    expect(frontier.passedCount).toBe(3);
    expect(frontier.take()).toEqual({ checkpoint: '3', skipped: 2 });
    expect(frontier.take()).toEqual({ checkpoint: '3', skipped: 0 });
  });

  it('never passes what is not settled, in whatever order images settle', () => {
    const orders = fc.uniqueArray(fc.nat(19), { minLength: 0, maxLength: 20 });
    fc.assert(
      fc.property(orders, (order) => {
        const frontier = new Frontier();
        const entries = Array.from({ length: 20 }, (_, index) => frontier.add(String(index), true));
        for (const index of order) if (entries[index]) frontier.settle(entries[index]);
        const settled = new Set(order);
        const expected = entries.findIndex((_, index) => !settled.has(index));
        const count = expected === -1 ? 20 : expected;
        expect(frontier.take()).toEqual({ checkpoint: count === 0 ? null : String(count - 1), skipped: count });
      }),
    );
  });
});
