import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toPrice } from '../../src/services/catalog/catalog-rows.js';

test.each([
  ['12.50', 12.5],
  [' 3 ', 3],
  ['-0.5', -0.5],
  ['1e3', 1000],
  ['1.5E-7', 1.5e-7],
])('the price %j is read as %d', (text, price) => {
  expect(toPrice(text)).toBe(price);
});

test.each([null, '', ' ', 'NaN', 'Infinity', '1e999', '0x10', '12,50', '€ 12', '1.2.3', '1_000'])(
  'the price %j is none',
  (text) => {
    expect(toPrice(text)).toBeNull();
  },
);

test('every finite number survives being written and read', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (price) => toPrice(String(price)) === price),
  );
});
