import { afterEach, describe, expect, it } from 'vitest';
import { startApp, type App } from '../../src/app.js';
import { embeddedIds, failuresOf, seenBackfill, startPayload } from '../support/backfill-operations.js';
import { makeDeterministicEncoder } from '../support/deterministic-encoder.js';
import { makeRecordedLog, type LogEntry } from '../support/recorded-log.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

let shop: TestShop;
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A shop whose own server does nothing by itself. */
async function startShop(products: number): Promise<void> {
  shop = await startTestShop({ products, env: { WORKERS: '0' } });
  closers.push(() => shop.close());
}

interface Housekeeper {
  app: App;
  entries: LogEntry[];
}

/** Another server with a worker. What is to be done now and then, it does at its start, as if nobody had done it lately. */
async function startHousekeeper(more: { syncEverySeconds?: number; historyDays?: number } = {}): Promise<Housekeeper> {
  await shop.vectors.query(`delete from lookalike_queue.job where name like 'housekeeping-%' or name like 'sync-%'`);
  const { log, entries } = makeRecordedLog();
  const { config } = shop;
  const backfill = { ...config.backfill, workers: 1, ...more };
  const app = await startApp({ ...config, backfill }, { encoder: makeDeterministicEncoder(), log });
  closers.push(() => app.close());
  return { app, entries };
}

/** The scheduled work of a kind that was done to its end. */
async function done(kind: 'housekeeping' | 'sync'): Promise<boolean> {
  const jobs = await shop.vectors.query<{ state: string }>(
    `select state::text from lookalike_queue.job where name like $1::text`,
    [`${kind}-%`],
  );
  return jobs.some(({ state }) => state === 'completed');
}

/** Lets a server do at its start what it does now and then; what it logged. */
async function keepHouse(more: { syncEverySeconds?: number; historyDays?: number } = {}): Promise<LogEntry[]> {
  const { app, entries } = await startHousekeeper(more);
  await until('it has tidied up', () => done('housekeeping'));
  if (more.syncEverySeconds !== undefined) await until('it has looked at the catalogue', () => done('sync'));
  await app.close();
  return entries;
}

async function runIds(): Promise<string[]> {
  const rows = await shop.vectors.query<{ id: string }>('select id::text from embedding_backfills order by created_at');
  return rows.map(({ id }) => id);
}

describe('a catalogue that is looked at', () => {
  it('is embedded without a start where something in it is new, changed, or gone', async () => {
    await startShop(4);
    const { app, entries } = await startHousekeeper({ syncEverySeconds: 600 });
    await until('all are embedded', async () => (await embeddedIds(shop)).length === 4);
    const [first] = await runIds();
    expect(await shop.endOf(String(first))).toMatchObject({ state: 'COMPLETED', counts: { embedded: 4 } });
    expect(entries).toContainEqual(
      expect.objectContaining({
        msg: 'the catalogue has changed; started a backfill',
        backfillId: first,
        toEmbed: 4,
        toRelink: 0,
        left: 0,
      }),
    );
    await app.close();
    await shop.changeCatalogue('delete from product_images where id = 1');
    await startHousekeeper({ syncEverySeconds: 600 });
    await until('the row that is left is gone', async () => (await embeddedIds(shop)).length === 3);
  });

  it('starts no run where it is as it was, or suddenly empty', async () => {
    await startShop(3);
    const worker = await startHousekeeper();
    await shop.backfill();
    await worker.app.close();
    await keepHouse({ syncEverySeconds: 600 });
    expect(await runIds()).toHaveLength(1);
    await shop.changeCatalogue('delete from product_images');
    await keepHouse({ syncEverySeconds: 600 });
    expect(await runIds()).toHaveLength(1);
  });

  it('starts a run for an image that is of another product now', async () => {
    await startShop(3);
    const worker = await startHousekeeper();
    await shop.backfill();
    await worker.app.close();
    await shop.changeCatalogue('update product_images set product_id = 2 where id = 1');
    await keepHouse({ syncEverySeconds: 600 });
    expect(await runIds()).toHaveLength(2);
  });

  it('starts no run for what failed for good, embedded before or not, and one for what may pass by now', async () => {
    await startShop(3);
    const worker = await startHousekeeper();
    await shop.changeCatalogue(`update product_images set image_url = 'none.jpg' where id = 1`);
    await shop.backfill();
    await shop.changeCatalogue(`update product_images set image_url = 'none.jpg' where id = 2`);
    expect((await shop.backfill()).counts).toMatchObject({ failed: 1 });
    await worker.app.close();
    await keepHouse({ syncEverySeconds: 600 });
    expect(await runIds()).toHaveLength(2);
    await shop.vectors.query('update embedding_failures set next_try_at = now()');
    await keepHouse({ syncEverySeconds: 600 });
    expect(await runIds()).toHaveLength(3);
  });

  it('is left to the active run where there is one', async () => {
    await startShop(3);
    const id = String((await startPayload(shop)).backfill?.id);
    await shop.vectors.query(`update embedding_backfills set state = 'PAUSED'`);
    await keepHouse({ syncEverySeconds: 600 });
    expect(await runIds()).toEqual([id]);
  });
});

describe('a catalogue that is not looked at', () => {
  it('starts nothing by itself', async () => {
    await startShop(3);
    expect(shop.config.backfill.syncEverySeconds).toBeNull();
    await keepHouse();
    expect(await shop.vectors.query(`select name from lookalike_queue.job where name like 'sync-%'`)).toEqual([]);
    expect(await runIds()).toEqual([]);
  });
});

describe('old runs', () => {
  it('are forgotten with their failures once they ended long ago; younger and active ones stay', async () => {
    await startShop(2);
    await shop.changeCatalogue(`update product_images set image_url = 'none.jpg' where id = 1`);
    const worker = await startHousekeeper();
    const old = await shop.backfill();
    const young = await shop.backfill({ scope: 'FAILED' });
    await worker.app.close();
    const active = String((await startPayload(shop)).backfill?.id);
    const age = (id: string, days: number) =>
      shop.vectors.query(
        `update embedding_backfills set created_at = now() - make_interval(days => $2),
           finished_at = case when finished_at is not null then now() - make_interval(days => $2) end
         where id = $1::uuid`,
        [id, days],
      );
    await age(old.id, 31);
    await age(young.id, 29);
    await age(active, 400);
    const entries = await keepHouse({ historyDays: 30 });
    expect(entries).toContainEqual(
      expect.objectContaining({ msg: 'forgot old backfills', forgotten: 1, historyDays: 30 }),
    );
    expect(await runIds()).toEqual([active, young.id]);
    expect(await seenBackfill(shop, old.id)).toBeNull();
    expect((await failuresOf(shop, young.id)).failures.nodes).toMatchObject([{ imageId: '1', isMended: false }]);
    expect(await shop.vectors.query('select distinct backfill_id from embedding_backfill_failures')).toEqual([
      { backfill_id: young.id },
    ]);
    // What a run made outlives it.
    expect(await embeddedIds(shop)).toEqual(['2']);
  });
});
