import { faultsOf } from '../support/chaos-faults.js';
import type { Ground } from '../support/chaos-ground.js';
import { Gate } from '../support/chaos-gate.js';
import { ownPhotograph } from '../support/chaos-image-host.js';
import { Random } from '../support/chaos-random.js';
import { stockOf, type ChaosShop } from '../support/chaos-shop.js';
import { until } from '../support/until.js';
import { playWithCrew } from './play-with-crew.js';
import type { Scenario } from './scenario.js';

const TEN_MINUTES_MS = 10 * 60_000;

/** Several servers are asked to start a backfill at the same moment: one does, and the others name it. */
export const startsAtOnce: Scenario = {
  name: 'four starts at once',
  play: (ground) =>
    playWithCrew(ground, { stock: stockOf(20) }, async (crew) => {
      const { shop } = ground;
      const services = [1, 2, 3, 4].map(() => shop.core.makeBackfills(() => undefined));
      const starts = await Promise.all(
        services.map((service) => service.start({ model: null, scope: 'MISSING', productIds: null })),
      );
      const ids = starts.flatMap((start) => (start.kind === 'started' ? [start.run.id] : []));
      const named = starts.flatMap((start) => (start.kind === 'conflict' ? [start.active.id] : []));
      const [id = ''] = ids;
      if (ids.length !== 1 || named.length !== 3) return [`${ids.length} started and ${named.length} met a conflict`];
      await crew.add();
      await crew.seeThrough(id);
      return [
        ...(named.every((one) => one === id) ? [] : [`the conflicts name ${named.join(', ')} and not ${id}`]),
        ...(await faultsOf(shop, id)),
        ...faultsOfWaste(shop, (await shop.run(id)).counts.embedded),
      ];
    }),
};

/** The queue hands a job to a second worker while the first one is at it. */
export const jobHandedOutTwice: Scenario = {
  name: 'a job of the queue is handed out twice',
  play: (ground) => {
    const gate = new Gate();
    const stock = stockOf(20);
    const send = async (number: number) => {
      await gate.opened;
      return stock.broken.includes(number) ? 'gone' : ownPhotograph(number);
    };
    return playWithCrew(ground, { stock, send }, async (crew) => {
      const { shop } = ground;
      const id = await shop.startRun(100);
      const first = await crew.add();
      await until('the first one is at it', () => (first.host?.requestCount() ?? 0) > 0);
      await shop.core.stores.database.query(
        `update lookalike_queue.job set state = 'created' where state = 'active' and name like 'backfill-%'`,
      );
      const second = await crew.add();
      await until('the queue has dropped it', async () => (await countInState(shop, 'completed')) === 1);
      gate.open();
      await crew.seeThrough(id);
      return [
        ...(await faultsOf(shop, id)),
        ...faultsOfWaste(shop, (await shop.run(id)).counts.embedded),
        ...(second.host?.requestCount() === 0 ? [] : ['the second worker fetched photographs too']),
      ];
    });
  },
};

/** Two workers whose clocks are ten minutes apart from the server's and twenty from each other. */
export function clocksScenario(seed: number): Scenario {
  return {
    name: `clocks ten minutes apart, seed ${seed}`,
    play: (ground) => {
      const stock = stockOf(new Random(seed, 'clocks').between(40, 60));
      return playWithCrew(ground, { stock }, async (crew) => {
        const { shop } = ground;
        const id = await shop.startRun(5);
        await crew.addTogether([{ clockShiftMs: TEN_MINUTES_MS }, { clockShiftMs: -TEN_MINUTES_MS }, {}]);
        await crew.seeThrough(id);
        return [...(await faultsOf(shop, id)), ...faultsOfWaste(shop, (await shop.run(id)).counts.embedded)];
      });
    },
  };
}

async function countInState({ core }: Ground['shop'], state: string): Promise<number> {
  const [row] = await core.stores.database.query<{ count: number }>(
    `select count(*)::int as count from lookalike_queue.job where name like 'backfill-%' and state::text = $1::text`,
    [state],
  );
  return row?.count ?? 0;
}

/** Where nobody is killed, nothing is embedded in vain. */
function faultsOfWaste(shop: ChaosShop, embedded: number): string[] {
  const encoded = shop.encodedCount();
  return encoded === embedded ? [] : [`${encoded} images went through encoders, and ${embedded} are embedded`];
}
