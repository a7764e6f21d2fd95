import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exactRange, wholeRange, type ExactBound } from '../../src/services/catalog/exact-range.js';

/** A decimal without an exponent as a whole number of 10 ** -`places`. */
function scaled(decimal: string, places: number): bigint {
  const [whole = '', fraction = ''] = decimal.split('.');
  return BigInt(`${whole}${fraction.padEnd(places, '0')}`);
}

function compare(one: string, other: string): number {
  const places = Math.max(...[one, other].map((decimal) => (decimal.split('.')[1] ?? '').length));
  const difference = scaled(one, places) - scaled(other, places);
  return difference === 0n ? 0 : difference > 0n ? 1 : -1;
}

function isWithin(decimal: string, { from, to }: { from: ExactBound; to: ExactBound }): boolean {
  const [toFrom, toEnd] = [compare(decimal, from.decimal), compare(decimal, to.decimal)];
  return (toFrom > 0 || (toFrom === 0 && from.isIncluded)) && (toEnd < 0 || (toEnd === 0 && to.isIncluded));
}

const double = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: -1000, max: 1000, noNaN: true }),
  fc.integer().map((cents) => cents / 100),
  fc.constantFrom(0, -0, 2 ** 53, 2 ** -1022, Number.MIN_VALUE, Number.MAX_VALUE),
);

/** The digits of a double, and a few more that move it a little, past the middle to the next or not. */
const decimalNear = fc
  .tuple(double, fc.stringMatching(/^\d{0,30}$/))
  .map(([near, more]) => (Math.abs(near) < 1e15 ? `${near.toFixed(20)}${more}` : `${BigInt(Math.trunc(near))}.${more}`))
  .map((decimal) => decimal.replace(/\.$/, ''));

test.each([
  ['3.33333333333333333333', 3.3333333333333335],
  ['19.9', 19.9],
  ['9007199254740993', 9007199254740992],
  ['9007199254740995', 9007199254740996],
  ['0.00', -0],
])('%s is in the range that begins and ends with %d, which it is shown as', (decimal, shown) => {
  expect(isWithin(decimal, exactRange({ min: shown, max: shown }))).toBe(true);
});

test.each([
  ['9007199254740993', 9007199254740994],
  ['9007199254740995', 9007199254740994],
  ['3.3333333333333333', 3.3333333333333339],
])('%s, which is shown as its other neighbour, is not in the range of %d', (decimal, other) => {
  expect(isWithin(decimal, exactRange({ min: other, max: other }))).toBe(false);
});

test('a decimal is in the range exactly when the double that it is shown as is', () => {
  fc.assert(
    fc.property(decimalNear, double, double, (decimal, min, max) => {
      const shown = Number(decimal);
      expect(isWithin(decimal, exactRange({ min, max }))).toBe(min <= shown && shown <= max);
      expect(isWithin(decimal, exactRange({ min: shown, max: shown }))).toBe(true);
      expect(isWithin(decimal, exactRange({ min: null, max }))).toBe(shown <= max);
    }),
    { numRuns: 2000 },
  );
});

test('a whole number is in the range exactly when the double that it is shown as is', () => {
  const whole = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  fc.assert(
    fc.property(whole, fc.oneof(double, whole.map(Number)), (number, min) => {
      const { from, to } = wholeRange({ min, max: null });
      expect(from <= number && number <= to).toBe(Number(number) >= min);
      const ended = wholeRange({ min: null, max: min });
      expect(ended.from <= number && number <= ended.to).toBe(Number(number) <= min);
    }),
    { numRuns: 2000 },
  );
});

test('what is past the largest double is in no range', () => {
  const open = exactRange({ min: null, max: null });

  expect(isWithin(`1${'0'.repeat(309)}`, open)).toBe(false);
  expect(isWithin(String(BigInt(Number.MAX_VALUE)), open)).toBe(true);
  expect(isWithin(open.to.decimal, open)).toBe(false);
});
