import { expect, it } from 'vitest';
import { MessageAllowance } from '../../src/server/subscriptions/message-allowance.js';

it('lets so many through at once, and so many a second after that', () => {
  let nowMs = 5000;
  const allowance = new MessageAllowance({ atOnce: 3, perSecond: 2 }, () => nowMs);
  const take = (count: number) => Array.from({ length: count }, () => allowance.take());
  expect(take(4)).toEqual([true, true, true, false]);
  nowMs += 400;
  expect(take(1)).toEqual([false]);
  nowMs += 100;
  expect(take(2)).toEqual([true, false]);
  nowMs += 3_600_000;
  expect(take(4)).toEqual([true, true, true, false]);
});
