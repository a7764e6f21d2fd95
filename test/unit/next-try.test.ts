import { describe, expect, it } from 'vitest';
import { nextTrySeconds } from '../../src/jobs/next-try.js';

const transient = (retryAfterMs: number | null = null) => ({ isTransient: true, retryAfterMs });
const DAY = 86_400;

describe('the next try of an image that failed', () => {
  it('does not come where the reason stays', () => {
    expect(nextTrySeconds({ isTransient: false, retryAfterMs: 5000 }, 1)).toBeNull();
  });

  it.each([
    [1, 60],
    [2, 120],
    [3, 240],
    [4, 480],
  ])('comes after attempt %i within %i seconds, and after half of that', (attempts, longest) => {
    expect(nextTrySeconds(transient(), attempts, 0)).toBe(longest);
    expect(nextTrySeconds(transient(), attempts, 0.5)).toBe(longest * 0.75);
    expect(nextTrySeconds(transient(), attempts, 0.999_999)).toBeCloseTo(longest / 2, 2);
  });

  it('comes after a day at the latest', () => {
    expect(nextTrySeconds(transient(), 50, 0)).toBe(DAY);
    expect(nextTrySeconds(transient(), 5000, 0)).toBe(DAY);
  });

  it('comes when the host asks for, where that is later', () => {
    expect(nextTrySeconds(transient(90_000), 1, 0)).toBe(90);
    expect(nextTrySeconds(transient(1000), 1, 0)).toBe(60);
  });

  it('comes after a day where the host asks for more', () => {
    expect(nextTrySeconds(transient(30 * DAY * 1000), 1, 0)).toBe(DAY);
  });
});
