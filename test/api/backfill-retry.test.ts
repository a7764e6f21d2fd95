import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  embeddedIds,
  failuresOf,
  openJobs,
  retryFailed,
  seenBackfill,
  startPayload,
  steer,
} from '../support/backfill-operations.js';
import { gatedEncoder, type GatedEncoder } from '../support/scripted-encoders.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

let shop: TestShop;

afterEach(() => shop.close());

/** Photographs 1 and 2 are not there, 3 is empty; the rest can be embedded. */
async function startShop(encoder?: GatedEncoder): Promise<void> {
  const env = { BATCH_SIZE: '1' };
  shop = await startTestShop({ products: 6, env, ...(encoder && { overrides: { encoder: encoder.encoder } }) });
  for (const number of [1, 2]) await rm(join(shop.imageRoot, `${number}.jpg`));
  await writeFile(join(shop.imageRoot, '3.jpg'), '');
}

const mend = async (number: number) => writeFile(join(shop.imageRoot, `${number}.jpg`), await testPhotograph(number));

const failedIds = async (id: string) => (await failuresOf(shop, id)).failures.nodes.map(({ imageId }) => imageId);

describe('another try of what an ended run could not embed', () => {
  it('is a new run over those images alone', async () => {
    await startShop();
    const { id } = await shop.backfill();
    await mend(1);
    const retry = await retryFailed(shop, { backfillId: id });
    expect(retry).toMatchObject({
      backfill: { scope: 'FAILED', state: 'PENDING', counts: { total: 3, processed: 0 } },
      retriedCount: 3,
      userErrors: [],
    });
    expect(retry.backfill?.id).not.toBe(id);
    expect(await shop.endOf(String(retry.backfill?.id))).toMatchObject({
      state: 'COMPLETED',
      counts: { total: 3, processed: 3, embedded: 1, skipped: 0, failed: 2 },
    });
    expect(await embeddedIds(shop)).toEqual(['1', '4', '5', '6']);
    expect((await failuresOf(shop, id)).failures.nodes.map(({ imageId, isMended }) => [imageId, isMended])).toEqual([
      ['1', true],
      ['2', false],
      ['3', false],
    ]);
  });

  it('is narrowed down by reasons, by images, and by both', async () => {
    await startShop();
    const { id } = await shop.backfill();
    for (const [input, count] of [
      [{ reasons: ['EMPTY'] }, 1],
      [{ reasons: ['NOT_FOUND', 'EMPTY'] }, 3],
      [{ imageIds: ['2', '3', '4', 'none'] }, 2],
      [{ imageIds: ['2', '3'], reasons: ['NOT_FOUND'] }, 1],
    ] as const) {
      const retry = await retryFailed(shop, { backfillId: id, ...(structuredClone(input) as object) });
      expect(retry).toMatchObject({ retriedCount: count, userErrors: [] });
      expect(await shop.endOf(String(retry.backfill?.id))).toMatchObject({ counts: { total: count, failed: count } });
    }
  });

  it.each([
    ['no reason', { reasons: [] }],
    ['a reason that none failed for', { reasons: ['TLS'] }],
    ['no image', { imageIds: [] }],
    ['images that did not fail', { imageIds: ['4', 'none', ''] }],
  ])('is none where there is nothing to try: %s', async (_what, input) => {
    await startShop();
    const { id } = await shop.backfill();
    expect(await retryFailed(shop, { backfillId: id, ...input })).toMatchObject({
      backfill: { id, state: 'COMPLETED' },
      retriedCount: 0,
      userErrors: [],
    });
    expect(await shop.vectors.query('select id from embedding_backfills')).toHaveLength(1);
  });

  it('is none where all are mended by now', async () => {
    await startShop();
    const { id } = await shop.backfill();
    for (const number of [1, 2, 3]) await mend(number);
    await shop.backfill({ scope: 'FAILED' });
    expect(await retryFailed(shop, { backfillId: id })).toMatchObject({ backfill: { id }, retriedCount: 0 });
  });

  it('has to wait for a run that is active', async () => {
    await startShop(gatedEncoder(3));
    const { id } = await shop.backfill();
    await mend(1);
    const active = await startPayload(shop, { scope: 'ALL' });
    await until(
      'the model waits',
      async () => (await seenBackfill(shop, String(active.backfill?.id))).state === 'RUNNING',
    );
    const { backfill, retriedCount, userErrors } = await retryFailed(shop, { backfillId: id });
    expect([backfill?.id, retriedCount]).toEqual([active.backfill?.id, 0]);
    expect(userErrors).toEqual([
      {
        field: null,
        code: 'CONFLICT',
        message: `The backfill ${active.backfill?.id} is RUNNING for this model. Wait until it has ended, or cancel it.`,
      },
    ]);
  });
});

describe('another try within an active run', () => {
  it('is made by that run, whose counts are of the last try', async () => {
    const encoder = gatedEncoder(0);
    await startShop(encoder);
    const id = await shop.startBackfill();
    await until('three have failed', async () => (await seenBackfill(shop, id)).counts.failed === 3);
    await mend(1);
    const retry = await retryFailed(shop, { backfillId: id, reasons: ['NOT_FOUND'] });
    expect(retry).toMatchObject({
      backfill: { id, state: 'RUNNING', counts: { failed: 1 } },
      retriedCount: 2,
      userErrors: [],
    });
    encoder.open();
    expect(await shop.endOf(id)).toMatchObject({
      state: 'COMPLETED',
      counts: { total: 6, processed: 6, embedded: 4, skipped: 0, failed: 2 },
    });
    expect(await failedIds(id)).toEqual(['2', '3']);
    expect(await embeddedIds(shop)).toEqual(['1', '4', '5', '6']);
    expect(await shop.vectors.query('select image_id from embedding_failures order by image_id')).toEqual([
      { image_id: '2' },
      { image_id: '3' },
    ]);
  });

  it('is asked for twice and made once', async () => {
    const encoder = gatedEncoder(0);
    await startShop(encoder);
    const id = await shop.startBackfill();
    await until('three have failed', async () => (await seenBackfill(shop, id)).counts.failed === 3);
    await steer(shop, 'pause', id);
    await until('the server has let go', async () => (await openJobs(shop, id)).every(({ isHeld }) => !isHeld));
    const retries = await Promise.all([1, 2].map(() => retryFailed(shop, { backfillId: id })));
    expect(retries.map(({ retriedCount }) => retriedCount).sort()).toEqual([0, 3]);
    expect(await retryFailed(shop, { backfillId: id })).toMatchObject({
      backfill: { id },
      retriedCount: 0,
      userErrors: [],
    });
  });

  it('waits with it while it is paused', async () => {
    const encoder = gatedEncoder(0);
    await startShop(encoder);
    const id = await shop.startBackfill();
    await until('three have failed', async () => (await seenBackfill(shop, id)).counts.failed === 3);
    await steer(shop, 'pause', id);
    await until('the server has let go', async () => (await openJobs(shop, id)).every(({ isHeld }) => !isHeld));
    for (const number of [1, 2, 3]) await mend(number);
    expect(await retryFailed(shop, { backfillId: id })).toMatchObject({
      backfill: { id, state: 'PAUSED', counts: { failed: 0 } },
      retriedCount: 3,
    });
    expect(await openJobs(shop, id)).toEqual([
      { kind: 'CHUNK', isHeld: false, isQueued: false },
      { kind: 'CHUNK', isHeld: false, isQueued: false },
    ]);
    encoder.open();
    await steer(shop, 'resume', id);
    expect(await shop.endOf(id)).toMatchObject({
      state: 'COMPLETED',
      counts: { total: 6, processed: 6, embedded: 6, skipped: 0, failed: 0 },
    });
    expect(await failedIds(id)).toEqual([]);
  });
});

describe('a retry that can not be', () => {
  it('is refused with what is wrong', async () => {
    await startShop();
    expect(await retryFailed(shop, { backfillId: 'none' })).toEqual({
      backfill: null,
      retriedCount: 0,
      userErrors: [
        { field: ['input', 'backfillId'], code: 'NOT_FOUND', message: 'There is no backfill with the id "none".' },
      ],
    });
    const imageIds = Array.from({ length: 1001 }, (_, index) => String(index));
    expect(await retryFailed(shop, { backfillId: 'none', imageIds })).toEqual({
      backfill: null,
      retriedCount: 0,
      userErrors: [
        {
          field: ['input', 'imageIds'],
          code: 'BAD_USER_INPUT',
          message: '`imageIds` may name at most 1000 images, and has 1001.',
        },
      ],
    });
  });
});
