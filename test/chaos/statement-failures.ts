import { faultsOf } from '../support/chaos-faults.js';
import type { Ground } from '../support/chaos-ground.js';
import { ownPhotograph } from '../support/chaos-image-host.js';
import { InnerWorkers } from '../support/chaos-inner-worker.js';
import { Random } from '../support/chaos-random.js';
import { numbersTo, type Stock } from '../support/chaos-shop.js';
import type { PostgresProxy } from '../support/postgres-proxy.js';
import type { Played, Scenario } from './scenario.js';

/**
 * - `fails`    with an error that nobody foresees;
 * - `is lost`  with its connection, before the server has it;
 * - `unheard`  is done, and the connection is lost before the answer comes.
 */
export const MISHAPS = ['fails', 'is lost', 'unheard'] as const;

export type Mishap = (typeof MISHAPS)[number];

const STOCK: Stock = { images: numbersTo(20), already: [4, 15], broken: [9], gone: [71] };

/** A run has fewer, so that they come to an end. */
const MOST_STATEMENTS = 1000;

/**
 * A run of 20 products for each of its statements, which that befalls once.
 *
 * @param given.every - of so many statements one; the seed says with which it begins.
 */
export function statementScenario(given: { mishap: Mishap; every: number; seed: number }): Scenario {
  const { mishap, every, seed } = given;
  return {
    name: `a statement ${mishap}, one of ${every} in turn, seed ${seed}`,
    play: async (ground) => {
      const first = new Random(seed, mishap).between(1, every);
      const { shop } = ground;
      await shop.fill(STOCK);
      const send = (number: number) => (STOCK.broken.includes(number) ? 'gone' : ownPhotograph(number));
      const workers = await InnerWorkers.start({ shop, send, env: { BATCH_SIZE: '6', DOWNLOAD_CONCURRENCY: '4' } });
      try {
        return await failInTurn({ ground, workers, mishap, first, every });
      } finally {
        await workers.close();
      }
    },
  };
}

interface Turns {
  ground: Ground;
  workers: InnerWorkers;
  mishap: Mishap;
  first: number;
  every: number;
}

async function failInTurn({ ground: { shop }, workers, mishap, first, every }: Turns): Promise<Played> {
  const faults: string[] = [];
  for (let nth = first; nth < MOST_STATEMENTS; nth += every) {
    await shop.fill(STOCK);
    const id = await shop.startRun(null);
    const victim = awaitNth(Object.values(workers.proxies), nth, mishap);
    await workers
      .workOn(id)
      .catch((error: unknown) => faults.push(`statement ${nth}, ${victim.sql}: ${String(error)}`));
    faults.push(...(await faultsOf(shop, id)).map((fault) => `statement ${nth}, ${victim.sql}: ${fault}`));
    // The run ended without so many.
    if (victim.sql === null) return { faults, kills: 0 };
  }
  return { faults: [...faults, `a run takes more than ${MOST_STATEMENTS} statements`], kills: 0 };
}

/** Lets the nth statement from now on meet its mishap. @returns What it is, once it has come. */
function awaitNth(proxies: readonly PostgresProxy[], nth: number, mishap: Mishap): { readonly sql: string | null } {
  const victim: { sql: string | null } = { sql: null };
  let count = 0;
  const isIt = (sql: string): boolean => {
    count += 1;
    if (count !== nth) return false;
    victim.sql = sql.trim().slice(0, 60);
    return true;
  };
  for (const proxy of proxies) {
    const verdict = mishap === 'fails' ? ({ failWith: 'XX000' } as const) : 'drop';
    proxy.onStatement(mishap === 'unheard' ? null : ({ sql }) => (isIt(sql) ? verdict : 'pass'));
    proxy.onAnswered(mishap === 'unheard' ? ({ sql }) => (isIt(sql) ? 'drop' : 'pass') : null);
  }
  return victim;
}
