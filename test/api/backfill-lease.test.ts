import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { startApp } from '../../src/app.js';
import { JobQueue } from '../../src/jobs/queue.js';
import { makeRecordedLog } from '../support/recorded-log.js';
import {
  countingEncoder,
  encoderThatIsAwayAt,
  encoderThatStopsAfter,
  encoderThatWaitsAfter,
} from '../support/scripted-encoders.js';
import { silentLog } from '../support/silent-log.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

let shop: TestShop;

afterEach(() => shop.close());

async function storedIds(): Promise<string[]> {
  const rows = await shop.vectors.query<{ id: string }>(
    'select image_id as id from image_embeddings order by image_id::int',
  );
  return rows.map(({ id }) => id);
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));

describe('a worker whose job another one took over', () => {
  it('stores nothing more, and what it had stored is counted once', async () => {
    const { encoder, goOn, inWork, count } = encoderThatWaitsAfter(2);
    shop = await startTestShop({ products: 4, env: { BATCH_SIZE: '2' }, overrides: { encoder } });
    const id = await shop.startBackfill();
    const stored = await until('a batch is stored', async () => {
      const ids = await storedIds();
      return ids.length === 2 ? ids : null;
    });
    await until('the model has the next two in work', () => inWork() === 2);
    await shop.vectors.query(
      `update embedding_backfill_jobs set worker_id = $1::uuid, lease_expires_at = now() + interval '1 hour'
       where worker_id is not null`,
      [randomUUID()],
    );
    goOn();
    await until('they are embedded', () => count() === 4);
    // A server that ends stores what is embedded, where it may.
    await shop.app.close();
    expect(await storedIds()).toEqual(stored);
    await shop.vectors.query(`update embedding_backfill_jobs set lease_expires_at = now() where worker_id is not null`);
    await shop.restart();
    expect(await shop.endOf(id)).toMatchObject({
      state: 'COMPLETED',
      counts: { total: 4, processed: 4, embedded: 4, skipped: 0, failed: 0 },
    });
    expect(await storedIds()).toEqual(numbers(4));
  });
});

describe('two servers on the same databases', () => {
  it('work on one run in turn, and embed no image that is stored', async () => {
    const { encoder, stopped } = encoderThatStopsAfter(14);
    const second = countingEncoder();
    const env = { BATCH_SIZE: '3', DOWNLOAD_CONCURRENCY: '2' };
    shop = await startTestShop({ products: 20, env, overrides: { encoder } });
    const id = await shop.startBackfill();
    await stopped;
    const other = await startApp(shop.config, { encoder: second.encoder, log: silentLog });
    await until('what the first one embeds is stored', async () => (await storedIds()).length >= 12);
    // What the second server does every two seconds.
    const queue = new JobQueue(shop.vectors);
    expect(await shop.vectors.transaction((tx) => queue.fetch('deterministic', tx))).toBeNull();
    expect(second.count()).toBe(0);
    await shop.app.close();
    shop.app = other;
    expect(await shop.endOf(id)).toMatchObject({
      state: 'COMPLETED',
      counts: { total: 20, processed: 20, embedded: 20, skipped: 0, failed: 0 },
    });
    expect(second.count()).toBe(20 - 14);
    expect(await storedIds()).toEqual(numbers(20));
  });
});

describe('a run whose model is away for a moment', () => {
  it('is let go of, taken up again, and counts nothing twice', async () => {
    const { log, entries } = makeRecordedLog();
    shop = await startTestShop({
      products: 6,
      env: { BATCH_SIZE: '2' },
      overrides: { encoder: encoderThatIsAwayAt(4), log },
    });
    expect(await shop.backfill()).toMatchObject({
      state: 'COMPLETED',
      counts: { total: 6, processed: 6, embedded: 6, skipped: 0, failed: 0 },
    });
    const done = await until('the worker is done', () => entries.find(({ msg }) => msg === 'backfill done'));
    expect(done).toMatchObject({ state: 'COMPLETED', embedded: 6 });
    expect(entries).toContainEqual(
      expect.objectContaining({ msg: 'backfill interrupted; it goes on where it stood', level: 40 }),
    );
    expect(await storedIds()).toEqual(numbers(6));
  });
});
