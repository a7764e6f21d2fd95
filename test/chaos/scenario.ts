import type { Ground } from '../support/chaos-ground.js';

/** What came of a scenario. */
export interface Played {
  /** What is wrong afterwards, in words; empty where nothing is. */
  faults: string[];
  kills: number;
}

/** Something that happens to a backfill. What is chosen is the same for the same seed. */
export interface Scenario {
  /** Says what happens, and with which seed. */
  name: string;
  /** @throws Error where it does not come to its end; that is a fault too. */
  play(ground: Ground): Promise<Played>;
}
