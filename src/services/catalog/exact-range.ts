import type { ValueRange } from './product-filter.js';

/** The exact numbers that lie in a range once they are rounded to a double, which is how the API shows them. */
export interface ExactRange {
  from: ExactBound;
  to: ExactBound;
}

export interface ExactBound {
  /** In decimal notation without an exponent. */
  decimal: string;
  isIncluded: boolean;
}

/**
 * Widens a range of doubles to the decimals that are shown as one of them: 10/3 with 20 digits is shown as
 * 3.3333333333333335, and a range up to that number has to hold it. A side that is open ends where doubles do.
 */
export function exactRange(range: ValueRange): ExactRange {
  const { from, to } = roundingEnds(range);
  return {
    from: { decimal: decimalOf(from.value), isIncluded: from.isIncluded },
    to: { decimal: decimalOf(to.value), isIncluded: to.isIncluded },
  };
}

/** The whole numbers among those of {@link exactRange}, both ends included; there are none where `from` is above `to`. */
export function wholeRange(range: ValueRange): { from: bigint; to: bigint } {
  const { from, to } = roundingEnds(range);
  return {
    from: from.isIncluded ? ceil(from.value) : floor(from.value) + 1n,
    to: to.isIncluded ? floor(to.value) : ceil(to.value) - 1n,
  };
}

/** A range of doubles without open sides. */
export function closedRange({ min, max }: ValueRange): { min: number; max: number } {
  return { min: min ?? -Number.MAX_VALUE, max: max ?? Number.MAX_VALUE };
}

/** `whole / 2 ** halvings`: every double is such a number, and so is the middle of two. */
interface Dyadic {
  whole: bigint;
  halvings: bigint;
}

function roundingEnds(range: ValueRange) {
  const { min, max } = closedRange(range);
  return { from: roundingEnd(min, -1), to: roundingEnd(max, 1) };
}

/** Numbers round to the nearest double, and from the middle of two to the one whose last bit is 0 (IEEE 754, 4.3.1). */
function roundingEnd(double: number, direction: 1 | -1): { value: Dyadic; isIncluded: boolean } {
  const value = middle(dyadic(double), dyadic(neighbour(double, direction)));
  return { value, isIncluded: bitsOf(double).getBigInt64(0) % 2n === 0n };
}

/** The next double in a direction. Those of one sign are in the order of their bits, read as an integer. */
function neighbour(double: number, direction: 1 | -1): number {
  if (double === 0) return direction * Number.MIN_VALUE;
  const bits = bitsOf(double);
  const isAwayFromZero = double > 0 === direction > 0;
  bits.setBigInt64(0, bits.getBigInt64(0) + (isAwayFromZero ? 1n : -1n));
  return bits.getFloat64(0);
}

function bitsOf(double: number): DataView {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, double);
  return bits;
}

/** Past the largest double is where the next one would be: what is nearer to that is shown as none. */
function dyadic(double: number): Dyadic {
  if (!Number.isFinite(double)) return { whole: double > 0 ? 2n ** 1024n : -(2n ** 1024n), halvings: 0n };
  let halvings = 0n;
  let whole = double;
  for (; !Number.isInteger(whole); whole *= 2) halvings += 1n;
  return { whole: BigInt(whole), halvings };
}

function middle(one: Dyadic, other: Dyadic): Dyadic {
  const halvings = one.halvings > other.halvings ? one.halvings : other.halvings;
  const whole = (one.whole << (halvings - one.halvings)) + (other.whole << (halvings - other.halvings));
  return { whole, halvings: halvings + 1n };
}

function floor({ whole, halvings }: Dyadic): bigint {
  return whole >> halvings;
}

function ceil({ whole, halvings }: Dyadic): bigint {
  return -(-whole >> halvings);
}

/** Dividing by 2 is multiplying by 5 and moving the point. */
function decimalOf({ whole, halvings }: Dyadic): string {
  const places = Number(halvings);
  const size = (whole < 0n ? -whole : whole) * 5n ** halvings;
  const digits = String(size).padStart(places + 1, '0');
  const point = digits.length - places;
  const sign = whole < 0n ? '-' : '';
  return places === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
