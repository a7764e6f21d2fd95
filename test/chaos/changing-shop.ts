import type { BackfillRun } from '../../src/services/backfill-run.js';
import type { Crew } from '../support/chaos-crew.js';
import { faultsOf } from '../support/chaos-faults.js';
import type { Ground } from '../support/chaos-ground.js';
import { Gate } from '../support/chaos-gate.js';
import { ownPhotograph } from '../support/chaos-image-host.js';
import { Random } from '../support/chaos-random.js';
import type { Seat, Stage } from '../support/chaos-seat.js';
import { ownUrl, stockOf, type Stock } from '../support/chaos-shop.js';
import { until } from '../support/until.js';
import { playWithCrew, sendFrom } from './play-with-crew.js';
import type { Scenario } from './scenario.js';

/** Images of the product that is edited, and of the one that is deleted, while their photographs are on their way. */
const EDITED = 7;
const DELETED = 9;

/** What the edited one shows from then on. */
const ANOTHER = 70;

export const editedWhileEmbedded: Scenario = {
  name: 'a product is edited and one deleted while they are embedded',
  play: (ground) => {
    const stock = stockOf(20);
    const gate = new Gate();
    const asked = new Set<number>();
    const send = async (number: number) => {
      asked.add(number);
      if (number === EDITED || number === DELETED) await gate.opened;
      return sendFrom(stock)(number);
    };
    return playWithCrew(ground, { stock, send }, async (crew) => {
      const { shop } = ground;
      const id = await shop.startRun(null);
      await crew.add();
      await until('both are on their way', () => asked.has(EDITED) && asked.has(DELETED));
      await shop.changeCatalogue(`update product_images set image_url = $1::text where id = $2::int`, [
        ownUrl(ANOTHER),
        EDITED,
      ]);
      await shop.changeCatalogue('delete from product_images where id = $1::int', [DELETED]);
      gate.open();
      await crew.seeThrough(id);
      const next = await startAfterChange(ground);
      await crew.seeThrough(next);
      return faultsOf(shop, next);
    });
  },
};

/** What the catalogue is now has to be embedded by the next run. */
async function startAfterChange({ shop }: Ground): Promise<string> {
  const images = shop.stock.images.filter((number) => number !== DELETED);
  const already = images.filter((number) => number !== EDITED && !shop.stock.broken.includes(number));
  const photographOf = (number: number) => (number === EDITED ? ANOTHER : number);
  shop.stock = {
    ...shop.stock,
    images,
    already,
    urlOf: (number) => ownUrl(photographOf(number)),
    photographsOf: (number) => [photographOf(number)],
  };
  await shop.core.stores.database.query('update embedding_failures set next_try_at = now()');
  return shop.startRun(null);
}

/** Another photograph comes from the same URL to the worker that goes on where one was killed. */
export function changedContentScenario(seed: number): Scenario {
  return {
    name: `photographs change between the tries, seed ${seed}`,
    play: (ground) => {
      const random = new Random(seed, 'content');
      const later = (number: number): number => number + 40;
      const stock: Stock = { ...stockOf(random.between(20, 30)), photographsOf: (number) => [number, later(number)] };
      const doomed = new Doomed(random.between(2, 14));
      const send = (number: number) =>
        stock.broken.includes(number) ? 'gone' : ownPhotograph(doomed.isDead ? later(number) : number);
      const reached = (seat: Seat, stage: Stage) => doomed.reached(seat, stage);
      return playWithCrew(ground, { stock, send, reached }, async (crew) => {
        doomed.crew = crew;
        const id = await ground.shop.startRun(8);
        await crew.add();
        await crew.seeThrough(id);
        return [...(await faultsOf(ground.shop, id)), ...(doomed.isDead ? [] : ['nobody was killed'])];
      });
    },
  };
}

/** The worker that is killed when it has embedded its nth image. */
class Doomed {
  crew: Crew | null = null;
  isDead = false;
  private embedded = 0;

  constructor(private readonly nth: number) {}

  async reached(seat: Seat, stage: Stage): Promise<'pass'> {
    if (stage !== 'embedded' || this.isDead) return 'pass';
    this.embedded += 1;
    if (this.embedded < this.nth) return 'pass';
    this.isDead = true;
    await this.crew?.kill(seat);
    return 'pass';
  }
}

/** An admin thinks better of it, and starts another run while workers hold jobs of the first. */
export function cancelledScenario(seed: number): Scenario {
  return {
    name: `a run is cancelled and the next one started at once, seed ${seed}`,
    play: (ground) => {
      const random = new Random(seed, 'cancel');
      // One that failed in the first run would have to be waited for by the next.
      const stock = stockOf(random.between(30, 50), { broken: [] });
      const heldFrom = random.between(8, 25);
      const gate = new Gate();
      let held = 0;
      const send = async (number: number) => {
        if (number >= heldFrom) {
          held += 1;
          await gate.opened;
        }
        return sendFrom(stock)(number);
      };
      return playWithCrew(ground, { stock, send }, async (crew) => {
        const { shop } = ground;
        const first = await shop.startRun(5);
        await crew.addTogether([{}, {}]);
        await until('photographs are waited for', () => held > 4);
        const cancelled = await shop.core.makeSteering(() => undefined).cancel(first);
        const next = await shop.startRun(5);
        gate.open();
        await crew.seeThrough(next);
        return [
          ...(await faultsOf(shop, next, null)),
          ...(cancelled.kind === 'done'
            ? await faultsOfCancelled(ground, cancelled.run)
            : [`the first run was ${cancelled.kind}`]),
        ];
      });
    },
  };
}

/** It counts what it had stored when it was cancelled, and nothing more. */
async function faultsOfCancelled({ shop }: Ground, cancelled: BackfillRun): Promise<string[]> {
  const { state, counts } = await shop.run(cancelled.id);
  const [row] = await shop.core.stores.database.query<{ count: number }>(
    'select count(*)::int as count from image_embeddings where backfill_id = $1::uuid',
    [cancelled.id],
  );
  const embedded = [cancelled.counts.embedded, counts.embedded, row?.count];
  return [
    ...(state === 'CANCELLED' ? [] : [`the first run is ${state}`]),
    ...(new Set(embedded).size === 1
      ? []
      : [
          `the first run had ${embedded[0]} images when it was cancelled, counts ${embedded[1]}, and has ${embedded[2]}`,
        ]),
  ];
}
