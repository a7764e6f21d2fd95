import { afterEach, describe, expect, it } from 'vitest';
import { countingEncoder, encoderThatStopsAfter } from '../support/scripted-encoders.js';
import { startTestShop, type TestShop, type TestShopOptions } from '../support/test-shop.js';
import { until } from '../support/until.js';

const START = `mutation ($input: StartEmbeddingBackfillInput) {
  startEmbeddingBackfill(input: $input) { backfill { id state scope model } userErrors { field code message } }
}`;

const shops: TestShop[] = [];

async function start(options: TestShopOptions = {}): Promise<TestShop> {
  const shop = await startTestShop(options);
  shops.push(shop);
  return shop;
}

afterEach(async () => {
  for (const shop of shops.splice(0)) await shop.close();
});

async function storedImages(shop: TestShop): Promise<{ id: string; product: string; main: boolean }[]> {
  return shop.vectors.query(
    `select image_id as id, product_id as product, is_main_image as main from image_embeddings
     order by image_id::int`,
  );
}

describe('a backfill that was interrupted', () => {
  it('goes on where it stood, embeds nothing twice and counts nothing twice', async () => {
    const { encoder, stopped } = encoderThatStopsAfter(47);
    const shop = await start({
      products: 60,
      env: { BATCH_SIZE: '5', DOWNLOAD_CONCURRENCY: '2' },
      overrides: { encoder },
    });
    const id = await shop.startBackfill();
    await stopped;
    const done = await until('some batches are stored', async () => {
      const rows = await storedImages(shop);
      return rows.length >= 30 ? rows.length : null;
    });
    const counting = countingEncoder();
    await shop.restart({ encoder: counting.encoder });
    const run = await shop.endOf(id);
    expect(run).toMatchObject({
      state: 'COMPLETED',
      counts: { total: 60, processed: 60, embedded: 60, skipped: 0, failed: 0 },
    });
    expect(await storedImages(shop)).toHaveLength(60);
    expect(counting.count()).toBeLessThanOrEqual(60 - done);
  });

  it('says that it waits for a worker meanwhile', async () => {
    const { encoder, stopped } = encoderThatStopsAfter(0);
    const shop = await start({ products: 3, overrides: { encoder } });
    const id = await shop.startBackfill();
    await stopped;
    await shop.app.close();
    const rows = await shop.vectors.query(
      `select state, kind, worker_id, lease_expires_at
       from embedding_backfills join embedding_backfill_jobs on backfill_id = id
       where id = $1::uuid and embedding_backfill_jobs.finished_at is null`,
      [id],
    );
    expect(rows).toEqual([{ state: 'PENDING', kind: 'CHUNK', worker_id: null, lease_expires_at: null }]);
  });
});

describe('startEmbeddingBackfill', () => {
  it('refuses a second one while one is active, and names it', async () => {
    const { encoder, stopped } = encoderThatStopsAfter(0);
    const shop = await start({ products: 3, overrides: { encoder } });
    const first = await shop.asAdmin(START, { input: { scope: 'MISSING' } });
    const { backfill } = first.data?.startEmbeddingBackfill as { backfill: { id: string } };
    expect(backfill).toMatchObject({ scope: 'MISSING', model: 'deterministic', state: 'PENDING' });
    await stopped;
    expect((await shop.asAdmin(START)).data?.startEmbeddingBackfill).toMatchObject({
      backfill: { id: backfill.id },
      userErrors: [
        {
          field: null,
          code: 'CONFLICT',
          message: `The backfill ${backfill.id} is RUNNING for this model. Wait until it has ended, or cancel it.`,
        },
      ],
    });
  });
});
