import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { startApp } from '../../src/app.js';
import { BackfillStore } from '../../src/services/backfill-store.js';
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

describe('a worker whose run another one took over', () => {
  it('stores nothing more, and what it had stored is counted once', async () => {
    const { encoder, goOn } = encoderThatWaitsAfter(2);
    const { log, entries } = makeRecordedLog();
    shop = await startTestShop({ products: 4, env: { BATCH_SIZE: '2' }, overrides: { encoder, log } });
    const id = await shop.startBackfill();
    const stored = await until('a batch is stored', async () => {
      const ids = await storedIds();
      return ids.length === 2 ? ids : null;
    });
    await shop.vectors.query(
      `update embedding_backfills set worker_id = $1::uuid, lease_expires_at = now() + interval '1 hour'`,
      [randomUUID()],
    );
    goOn();
    const letGo = await until('the worker lets go', () => entries.find(({ msg }) => msg === 'backfill let go'));
    expect(letGo).toMatchObject({ backfillId: id, end: 'lost', embedded: 2 });
    expect(await storedIds()).toEqual(stored);
    await shop.vectors.query('update embedding_backfills set lease_expires_at = now()');
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
    const stored = await until('what the first one embeds is stored', async () => {
      const { length } = await storedIds();
      return length >= 12 ? length : null;
    });
    // What the second server does every two seconds.
    expect(await new BackfillStore(shop.vectors).claim('deterministic', randomUUID())).toBeNull();
    expect(second.count()).toBe(0);
    await shop.app.close();
    shop.app = other;
    expect(await shop.endOf(id)).toMatchObject({
      state: 'COMPLETED',
      counts: { total: 20, processed: 20, embedded: 20, skipped: 0, failed: 0 },
    });
    expect(second.count()).toBe(20 - stored);
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
    await until('the worker is done', () => entries.some(({ end }) => end === 'COMPLETED'));
    const ends = entries.filter(({ msg }) => msg === 'backfill let go').map(({ end }) => end);
    expect(ends).toEqual(['released', 'COMPLETED']);
    expect(await storedIds()).toEqual(numbers(6));
  });
});
