import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { JobQueue } from '../../src/jobs/queue.js';
import { embeddedIds, openJobs, seenBackfill } from '../support/backfill-operations.js';
import { makeRecordedLog } from '../support/recorded-log.js';
import { startReplica } from '../support/replica.js';
import { countingEncoder, gatedEncoder } from '../support/scripted-encoders.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

let shop: TestShop;
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function startShop(products: number): Promise<void> {
  shop = await startTestShop({ products, env: { WORKERS: '0', BATCH_SIZE: '3' } });
  closers.push(() => shop.close());
}

/** A run of 12 images in the middle, 6 of them stored, whose job nobody has. */
async function startedRun(): Promise<string> {
  const encoder = gatedEncoder(6);
  const id = await shop.startBackfill();
  const worker = await startReplica(shop, { workers: 1, encoder: encoder.encoder });
  await until('two batches are stored', async () => (await embeddedIds(shop)).length === 6);
  await worker.app.close();
  expect(await openJobs(shop, id)).toEqual([{ kind: 'CHUNK', isHeld: false, isQueued: true }]);
  return id;
}

/** Takes the open job of a run as a worker does, and is never heard of again: what a killed one leaves behind. */
async function takeAndDie(id: string, leaseSeconds: number): Promise<void> {
  const queue = new JobQueue(shop.vectors);
  await shop.vectors.transaction(async (tx) => {
    expect(await queue.fetch('deterministic', tx)).toMatchObject({ backfillId: id });
    await tx.query(
      `update embedding_backfill_jobs set worker_id = $2::uuid, lease_expires_at = now() + make_interval(secs => $3)
       where backfill_id = $1::uuid and finished_at is null`,
      [id, randomUUID(), leaseSeconds],
    );
    await tx.query(`update embedding_backfills set state = 'RUNNING' where id = $1::uuid`, [id]);
  });
}

describe('a job whose worker died', () => {
  it('is left alone while its lease lasts, then finished by another, and nothing is done or counted twice', async () => {
    await startShop(12);
    const id = await startedRun();
    await takeAndDie(id, 3600);
    const { encoder, count } = countingEncoder();
    const { log, entries } = makeRecordedLog();
    const worker = await startReplica(shop, { workers: 1, encoder, log });
    closers.push(() => worker.app.close());
    const other = await shop.vectors.transaction((tx) => new JobQueue(shop.vectors).fetch('deterministic', tx));
    expect(other).toBeNull();
    expect(await openJobs(shop, id)).toEqual([{ kind: 'CHUNK', isHeld: true, isQueued: true }]);
    await shop.vectors.query('update embedding_backfill_jobs set lease_expires_at = now() where worker_id is not null');
    expect(await shop.endOf(id)).toMatchObject({
      state: 'COMPLETED',
      counts: { total: 12, processed: 12, embedded: 12, skipped: 0, failed: 0 },
    });
    expect(count()).toBe(6);
    expect(entries).toContainEqual(
      expect.objectContaining({ msg: 'took jobs from a worker that is gone', backfillId: id, jobs: 1, level: 40 }),
    );
    expect(await embeddedIds(shop)).toHaveLength(12);
  });

  it('is put back also where its run was paused meanwhile, and goes on once that is resumed', async () => {
    await startShop(12);
    const id = await startedRun();
    await takeAndDie(id, -1);
    await shop.vectors.query(`update embedding_backfills set state = 'PAUSED' where id = $1::uuid`, [id]);
    const worker = await startReplica(shop, { workers: 1 });
    closers.push(() => worker.app.close());
    await until('the job is taken from it', async () => (await openJobs(shop, id)).every(({ isHeld }) => !isHeld));
    expect(await seenBackfill(shop, id)).toMatchObject({ state: 'PAUSED', counts: { embedded: 6 } });
    await shop.asAdmin('mutation ($id: ID!) { resumeEmbeddingBackfill(input: { id: $id }) { backfill { id } } }', {
      id,
    });
    expect(await shop.endOf(id)).toMatchObject({ state: 'COMPLETED', counts: { embedded: 12, skipped: 0 } });
  });
});

describe('a run whose queue was emptied', () => {
  it.each([
    ['before it began', async () => shop.startBackfill()],
    ['in the middle', startedRun],
  ])('is found again by a worker: %s', async (_when, begin) => {
    await startShop(12);
    const id = await begin();
    await shop.vectors.query('truncate lookalike_queue.job');
    await shop.vectors.query(`update embedding_backfill_jobs set updated_at = now() - interval '1 hour'`);
    const worker = await startReplica(shop, { workers: 1 });
    closers.push(() => worker.app.close());
    expect(await shop.endOf(id)).toMatchObject({
      state: 'COMPLETED',
      counts: { total: 12, processed: 12, embedded: 12, skipped: 0, failed: 0 },
    });
  });
});

describe('several workers', () => {
  it('of one process do a run together', async () => {
    await startShop(30);
    const { encoder, count } = countingEncoder();
    const worker = await startReplica(shop, { workers: 4, encoder });
    closers.push(() => worker.app.close());
    expect(await shop.backfill()).toMatchObject({
      state: 'COMPLETED',
      counts: { total: 30, processed: 30, embedded: 30, skipped: 0, failed: 0 },
    });
    expect(count()).toBe(30);
  });

  it('of two processes leave out none of many images, and count none twice', async () => {
    const ids = Array.from({ length: 2100 }, (_, index) => String(index + 1));
    const images = ids.map((id) => ({ id, productId: id, url: id === '1' ? '1.jpg' : null, isMain: true }));
    const catalog = { keyType: 'integer', products: ids.map((id) => ({ id })), images };
    shop = await startTestShop({ catalog, env: { WORKERS: '0' } });
    closers.push(() => shop.close());
    const [here, there] = [countingEncoder(), countingEncoder()];
    for (const { encoder } of [here, there]) {
      const worker = await startReplica(shop, { workers: 1, encoder });
      closers.push(() => worker.app.close());
    }
    expect(await shop.backfill()).toMatchObject({
      state: 'COMPLETED',
      counts: { total: 2100, processed: 2100, embedded: 1, skipped: 0, failed: 2099 },
    });
    expect(here.count() + there.count()).toBe(1);
    const rows = await shop.vectors.query('select image_id from embedding_backfill_failures');
    expect(rows).toHaveLength(2099);
  });
});
