import { quantile } from './quantile.js';

/** Rounds of a measurement, unless it is said otherwise. */
export const ROUNDS = 5;

/** What a measurement says over its rounds. */
export interface Spread {
  median: number;
  least: number;
  most: number;
}

/** @param numbers - one of each round, in any order; not empty. */
export function spreadOf(numbers: readonly number[]): Spread {
  const ascending = numbers.toSorted((one, other) => one - other);
  return {
    median: quantile(ascending, 0.5),
    least: quantile(ascending, 0),
    most: quantile(ascending, 1),
  };
}

/**
 * Measures sides in turn, round by round, so that whatever else the machine does meets all of them, after one round that does not
 * count. Every other round goes backwards: none is always the first.
 *
 * @param sides - by name, each measured once a round.
 * @returns By name, what was measured in each round, in the rounds' order.
 */
export async function sideBySide<Name extends string>(
  sides: Readonly<Record<Name, () => Promise<number>>>,
  rounds = ROUNDS,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(sides) as Name[];
  const measured = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (const name of names) await sides[name]();
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) measured[name].push(await sides[name]());
  }
  return measured;
}

/** How one side compares with another in each round, and over all of them. */
export function ratioOf(ours: readonly number[], theirs: readonly number[]): Spread {
  return spreadOf(ours.map((value, round) => value / (theirs[round] ?? NaN)));
}
