import { afterEach, describe, expect, it } from 'vitest';
import type { Queryable } from '../../src/db/database.js';
import { openJobs, seenBackfill, startPayload, steer } from '../support/backfill-operations.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

let shop: TestShop;

afterEach(() => shop.close());

/** Holds the catalogue's images, so that whatever reads them waits; the return value lets go. */
async function holdCatalogue(): Promise<() => Promise<void>> {
  let letGo: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (letGo = resolve));
  let tell: () => void = () => undefined;
  const isHeld = new Promise<void>((resolve) => (tell = resolve));
  const holding = shop.catalogue.transaction(async (tx: Queryable) => {
    await tx.query('set transaction read write');
    await tx.query('lock table product_images in access exclusive mode');
    tell();
    await released;
  });
  await isHeld;
  return async () => {
    letGo();
    await holding;
  };
}

async function endIsHeld(id: string): Promise<boolean> {
  return (await openJobs(shop, id)).some(({ kind, isHeld }) => kind === 'FINISH' && isHeld);
}

async function unforeseenEnds(): Promise<number> {
  const [row] = await shop.vectors.query<{ ends: number }>(
    'select sum(unforeseen_ends)::int as ends from embedding_backfill_jobs',
  );
  return row?.ends ?? NaN;
}

/** A run that is done but for its end, which nobody has begun. */
async function runBeforeItsEnd(): Promise<string> {
  shop = await startTestShop({ products: 3, env: { WORKERS: '0' } });
  const id = await shop.startBackfill();
  await shop.vectors.query(
    `update embedding_backfill_jobs set kind = 'FINISH' where backfill_id = $1::uuid and kind = 'PLAN'`,
    [id],
  );
  return id;
}

/** A server of the same shop that works. */
async function startWorking(): Promise<void> {
  shop.config.backfill.workers = 1;
  await shop.restart();
}

describe('the end of a run', () => {
  it('lets itself be paused again and again, and comes once it is resumed for good', async () => {
    const id = await runBeforeItsEnd();
    await steer(shop, 'pause', id);
    await startWorking();
    for (let pauses = 0; pauses < 6; pauses += 1) {
      const letGo = await holdCatalogue();
      await steer(shop, 'resume', id);
      await until('the end is begun', () => endIsHeld(id));
      await steer(shop, 'pause', id);
      await letGo();
      await until('the end is let go of', async () => !(await endIsHeld(id)));
    }
    expect(await unforeseenEnds()).toBe(0);
    expect(await seenBackfill(shop, id)).toMatchObject({ state: 'PAUSED', error: null });
    await steer(shop, 'resume', id);
    expect((await shop.endOf(id)).state).toBe('COMPLETED');
  });
});

describe('two spellings of one product', () => {
  it('are one product', async () => {
    shop = await startTestShop({ products: 3 });
    const { estimate } = await startPayload(shop, { productIds: ['1', '01', '001'], dryRun: true });
    expect(estimate).toMatchObject({ total: 1, toEmbed: 1 });
    const run = await shop.backfill({ productIds: ['1', '01', '001', '2'] });
    expect(run).toMatchObject({ state: 'COMPLETED', counts: { total: 2, processed: 2, embedded: 2, failed: 0 } });
  });
});
