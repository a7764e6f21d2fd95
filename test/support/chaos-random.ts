import { createHash } from 'node:crypto';
import { uniform } from './vectors.js';

/** Choices that are the same for the same seed. */
export class Random {
  readonly #next: () => number;

  /** @param names - tell apart what has the same seed: the name of a stage, a count of workers. */
  constructor(seed: number, ...names: (string | number)[]) {
    this.#next = uniform(
      createHash('sha256')
        .update([seed, ...names].join(' '))
        .digest()
        .readInt32BE(0),
    );
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.#next() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  /** So many of the items, in no order; all of them where there are fewer. */
  some<Item>(items: readonly Item[], count: number): Item[] {
    const left = [...items];
    const taken: Item[] = [];
    while (taken.length < count && left.length > 0) taken.push(...left.splice(this.between(0, left.length - 1), 1));
    return taken;
  }

  /** @throws Error where there is none. */
  pick<Item>(items: readonly Item[]): Item {
    const [item] = this.some(items, 1);
    if (item === undefined) throw new Error('There is nothing to pick from.');
    return item;
  }
}
