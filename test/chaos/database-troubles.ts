import { setTimeout as pause } from 'node:timers/promises';
import type { Crew } from '../support/chaos-crew.js';
import { faultsOf } from '../support/chaos-faults.js';
import { ownPhotograph } from '../support/chaos-image-host.js';
import { Random } from '../support/chaos-random.js';
import type { Moment, Seat, Stage } from '../support/chaos-seat.js';
import { stockOf } from '../support/chaos-shop.js';
import { Standstill } from '../support/chaos-standstill.js';
import type { ProxiedStatement, Verdict } from '../support/proxied-connection.js';
import { until } from '../support/until.js';
import { playWithCrew } from './play-with-crew.js';
import type { Scenario } from './scenario.js';

/** What befalls the vector database, in the eyes of every worker. */
export interface Trouble {
  name: string;
  /** What becomes of each statement from the first transaction that stores on. @param nth - its place among those, from 1. */
  judge?: (nth: number, statement: ProxiedStatement) => Verdict;
  /** What happens once, in the midst of a transaction that stores. */
  strike?: (seats: readonly Seat[]) => Promise<void>;
  /** How long a photograph takes, so that the run is still there when it strikes again. */
  photographMs?: number;
}

const WRITES = /^\s*(insert|update|delete|with)\b/i;

/** How long nothing moves until leases run out: far longer than any of the troubles of a quick test. */
const STUCK_AFTER_MS = 4000;

const resetAll = (seats: readonly Seat[]): void => {
  for (const { proxy } of seats) proxy.resetAll();
};

/** Until every worker that lives has met it. */
async function untilMet(seats: readonly Seat[], what: string, count: (seat: Seat) => number): Promise<void> {
  const before = seats.map(count);
  await until(what, () => seats.every((seat, index) => !seat.isAlive || count(seat) > (before[index] ?? 0)), 60_000);
}

async function blackHole(seats: readonly Seat[], ends: () => Promise<unknown>): Promise<void> {
  for (const { proxy } of seats) proxy.setNetwork('black hole');
  await ends();
  for (const { proxy } of seats) proxy.setNetwork('up');
}

/** Those that take no longer than a worker needs to notice. */
export const QUICK_TROUBLES: readonly Trouble[] = [
  { name: 'all connections are reset', strike: async (seats) => resetAll(seats) },
  {
    name: 'all connections are reset at every 47th statement',
    judge: (nth) => (nth % 47 === 0 ? 'drop' : 'pass'),
  },
  {
    name: 'the network is a black hole until more waits for it',
    strike: (seats) =>
      blackHole(seats, () =>
        untilMet(seats, 'more waits', ({ proxy }) => proxy.statements.length + proxy.connectionAttempts()),
      ),
  },
  {
    name: 'the server restarts',
    strike: async (seats) => {
      for (const { proxy } of seats) proxy.setNetwork('refusing');
      resetAll(seats);
      await untilMet(seats, 'a connection is refused', ({ proxy }) => proxy.connectionAttempts());
      for (const { proxy } of seats) proxy.setNetwork('up');
    },
  },
  {
    name: 'the database is read-only for a while',
    judge: (nth, { sql }) => (nth <= 25 && WRITES.test(sql) ? { failWith: '25006' } : 'pass'),
  },
  {
    name: 'statements take too long now and then',
    judge: (nth) => (nth % 41 === 0 ? { failWith: '57014' } : 'pass'),
  },
];

/** Those that go on for a minute, or come again and again. */
export const LONG_TROUBLES: readonly Trouble[] = [
  { name: 'the network is a black hole for a minute', strike: (seats) => blackHole(seats, () => pause(65_000)) },
  {
    name: 'all connections are reset every two seconds',
    photographMs: 1000,
    strike: async (seats) => {
      for (let times = 0; times < 5; times += 1) {
        resetAll(seats);
        await pause(2000);
      }
    },
  },
];

/** Two workers on a run that meets the trouble; none of them ends, and the run does. */
export function troubleScenario(trouble: Trouble, seed: number): Scenario {
  const random = new Random(seed, trouble.name);
  const stock = stockOf(random.between(35, 50));
  const strikesAt = random.between(2, 4);
  return {
    name: `${trouble.name}, seed ${seed}`,
    play: (ground) => {
      const course = new Course(trouble, strikesAt);
      const { photographMs } = trouble;
      const send = async (number: number) => {
        if (photographMs !== undefined) await pause(photographMs);
        return stock.broken.includes(number) ? 'gone' : ownPhotograph(number);
      };
      return playWithCrew(ground, { stock, send, ...course.hooks() }, async (crew) => {
        crew.standstill = new Standstill(ground.shop, STUCK_AFTER_MS);
        course.crew = crew;
        const id = await ground.shop.startRun(5);
        await crew.addTogether([{}, {}]);
        await crew.seeThrough(id);
        await course.over;
        return [...(await faultsOf(ground.shop, id)), ...(course.hasStruck ? [] : ['the trouble did not come'])];
      });
    },
  };
}

/** When the trouble comes, and whether it has. */
class Course {
  crew: Crew | null = null;
  over: Promise<void> = Promise.resolve();
  hasStruck = false;
  private stores = 0;
  private judged = 0;

  constructor(
    private readonly trouble: Trouble,
    private readonly strikesAt: number,
  ) {}

  hooks() {
    return {
      judge: (_seat: Seat, statement: ProxiedStatement): Verdict => this.judge(statement),
      reached: (seat: Seat, stage: Stage, moment: Moment) => this.reached(seat, stage, moment),
    };
  }

  private judge(statement: ProxiedStatement): Verdict {
    if (!this.hasStruck || this.trouble.judge === undefined) return 'pass';
    this.judged += 1;
    return this.trouble.judge(this.judged, statement);
  }

  private async reached(_seat: Seat, stage: Stage, moment: Moment): Promise<'pass'> {
    if (stage !== 'in the transaction' || moment !== 'before' || this.hasStruck) return 'pass';
    this.stores += 1;
    if (this.stores < this.strikesAt) return 'pass';
    this.hasStruck = true;
    // The statement that it comes with is under way meanwhile.
    this.over = this.trouble.strike?.(this.crew?.living ?? []) ?? Promise.resolve();
    return 'pass';
  }
}
