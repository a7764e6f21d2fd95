import { faultsOf } from '../support/chaos-faults.js';
import type { Ground } from '../support/chaos-ground.js';
import { Gate } from '../support/chaos-gate.js';
import { Random } from '../support/chaos-random.js';
import type { Seat, Stage } from '../support/chaos-seat.js';
import { numbersTo, stockOf } from '../support/chaos-shop.js';
import { until } from '../support/until.js';
import { playWithCrew } from './play-with-crew.js';
import type { Scenario } from './scenario.js';

/**
 * A worker stands still for longer than its lease while it has embedded images that are not stored. Another one does its work;
 * it commits nothing of it when it comes to itself, and takes work again.
 */
export function frozenScenario(seed: number): Scenario {
  return {
    name: `a worker sleeps past its lease, seed ${seed}`,
    play: (ground) => {
      const random = new Random(seed, 'frozen');
      const stock = stockOf(random.between(20, 40));
      const moment = new StillMoment(random.between(2, 15));
      return playWithCrew(ground, { stock, reached: (seat, stage) => moment.reached(seat, stage) }, async (crew) => {
        const { shop } = ground;
        const id = await shop.startRun(100);
        const sleeper = await crew.add();
        await until('it has embedded images', () => moment.hasCome);
        sleeper.process.freeze();
        await shop.expireLeases([...sleeper.workerIds], true);
        const other = await crew.add();
        await crew.seeThrough(id);
        const faults = await faultsOf(shop, id);
        const before = await contents(ground);
        await other.leave();
        sleeper.process.thaw();
        moment.end();
        const next = await startOverMore(ground, 45);
        await crew.seeThrough(next);
        const after = await contents(ground);
        const isKept = before.every((row) => after.includes(row));
        return [
          ...faults,
          ...(isKept ? [] : ['what the other worker had stored has changed']),
          ...(sleeper.isAlive ? [] : ['it has ended']),
          ...(await faultsOf(shop, next)).map((fault) => `the next run: ${fault}`),
        ];
      });
    },
  };
}

/** The nth image that the first worker has embedded, where it waits until it is over. */
class StillMoment {
  hasCome = false;
  private readonly gate = new Gate();
  private sleeper: Seat | null = null;
  private embedded = 0;

  constructor(private readonly nth: number) {}

  end(): void {
    this.gate.open();
  }

  async reached(seat: Seat, stage: Stage): Promise<'pass'> {
    this.sleeper ??= seat;
    if (seat !== this.sleeper || stage !== 'embedded') return 'pass';
    this.embedded += 1;
    if (this.embedded < this.nth) return 'pass';
    this.hasCome = true;
    await this.gate.opened;
    return 'pass';
  }
}

/** Adds images, and starts a run over all. */
async function startOverMore({ shop }: Ground, upTo: number): Promise<string> {
  const { images, broken, already } = shop.stock;
  const added = numbersTo(upTo).slice(images.length);
  await shop.addToCatalogue(added);
  // What failed would be left alone by the next run.
  await shop.core.stores.database.query('update embedding_failures set next_try_at = now()');
  const stored = images.filter((number) => !broken.includes(number));
  shop.stock = { ...shop.stock, images: [...images, ...added], already: [...new Set([...already, ...stored])] };
  return shop.startRun(null);
}

/** Every embedding and every run that has ended, word for word. */
async function contents({ shop }: Ground): Promise<string[]> {
  const { database } = shop.core.stores;
  const rows = await database.query<{ text: string }>(
    `select e::text as text from image_embeddings e
     union all select b::text from embedding_backfills b where finished_at is not null`,
  );
  return rows.map(({ text }) => text);
}
