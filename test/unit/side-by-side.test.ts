import { describe, expect, it } from 'vitest';
import { holds } from '../../bench/report.js';
import { ratioOf, sideBySide, spreadOf } from '../../bench/side-by-side.js';

describe('sides that are measured side by side', () => {
  it('take turns after a round that does not count, every other round backwards', async () => {
    const order: string[] = [];
    const side = (name: string, numbers: number[]) => async () => {
      order.push(name);
      return numbers.shift() ?? NaN;
    };
    const measured = await sideBySide({ ours: side('ours', [9, 1, 2, 3]), theirs: side('theirs', [9, 4, 5, 6]) }, 3);
    expect(measured).toEqual({ ours: [1, 2, 3], theirs: [4, 5, 6] });
    expect(order.join(' ')).toBe('ours theirs ours theirs theirs ours ours theirs');
  });

  it('are compared within each round', () => {
    expect(ratioOf([2, 6, 1], [4, 3, 10])).toEqual({ median: 0.5, least: 0.1, most: 2 });
  });

  it('have a median and what was least and most, in whatever order they came', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3 });
    expect(spreadOf([7])).toEqual({ median: 7, least: 7, most: 7 });
  });
});

describe('a goal', () => {
  it('holds up to its limit, and no further', () => {
    expect(holds(0.9, { atLeast: 0.9 })).toBe(true);
    expect(holds(0.89, { atLeast: 0.9 })).toBe(false);
    expect(holds(1.1, { atMost: 1.1 })).toBe(true);
    expect(holds(1.11, { atMost: 1.1 })).toBe(false);
  });
});
