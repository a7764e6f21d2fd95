import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { embeddedIds, startPayload } from '../support/backfill-operations.js';
import { countingEncoder } from '../support/scripted-encoders.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

let shop: TestShop;

describe('what a start is told', () => {
  beforeAll(async () => {
    shop = await startTestShop({ products: 6 });
  });

  afterAll(() => shop.close());

  afterEach(async () => {
    await shop.vectors.query('truncate embedding_backfills, image_embeddings, embedding_failures cascade');
  });

  it.each([
    ['nothing', undefined],
    ['an empty input', {}],
    ['nulls', { model: null, productIds: null }],
    ['the model that runs here', { model: 'deterministic' }],
    ['all that there is', { model: 'deterministic', scope: 'MISSING', dryRun: false, productIds: null }],
  ])('may be %s', async (_what, input) => {
    const { backfill, estimate, userErrors } = await startPayload(shop, input);
    expect(userErrors).toEqual([]);
    expect(estimate).toBeNull();
    expect(backfill).toMatchObject({
      state: 'PENDING',
      scope: 'MISSING',
      model: 'deterministic',
      productIds: null,
      counts: { total: null, processed: 0, embedded: 0, skipped: 0, failed: 0 },
      imagesPerSecond: null,
      secondsLeft: null,
      stages: null,
      startedAt: null,
      finishedAt: null,
      error: null,
    });
    expect(await shop.endOf(String(backfill?.id))).toMatchObject({ state: 'COMPLETED', counts: { embedded: 6 } });
  });

  it('is a model that can be embedded with', async () => {
    expect(await startPayload(shop, { model: 'clip-ViT-X' })).toEqual({
      backfill: null,
      estimate: null,
      userErrors: [
        {
          field: ['input', 'model'],
          code: 'NOT_FOUND',
          message:
            'There is no model "clip-ViT-X" to embed with. There are: clip-ViT-B-16, clip-ViT-B-32, clip-ViT-L-14, ' +
            'deterministic, tiny-clip, and any CLIP model of the Hugging Face hub by its id (org/name).',
        },
      ],
    });
    expect(await startPayload(shop, { model: 'clip-ViT-X', dryRun: true })).toMatchObject({
      estimate: null,
      userErrors: [{ code: 'NOT_FOUND' }],
    });
  });
});

describe('a backfill of some products', () => {
  beforeAll(async () => {
    shop = await startTestShop({ products: 6 });
  });

  afterAll(() => shop.close());

  it('embeds their images and no others, and none of products that there are not', async () => {
    const { backfill } = await startPayload(shop, { productIds: ['2', '5', '2', '02', '77'] });
    expect(backfill?.productIds).toEqual(['2', '5', '2', '02', '77']);
    expect(await shop.endOf(String(backfill?.id))).toMatchObject({
      state: 'COMPLETED',
      counts: { total: 2, processed: 2, embedded: 2, skipped: 0, failed: 0 },
    });
    expect(await embeddedIds(shop)).toEqual(['2', '5']);
  });

  it('embeds nothing where no product is named', async () => {
    expect(await shop.backfill({ productIds: [] })).toMatchObject({ state: 'COMPLETED', counts: { total: 0 } });
    expect(await embeddedIds(shop)).toEqual(['2', '5']);
  });

  it.each([
    [
      'an id that can not be one',
      ['1', 'x'],
      '`productIds` must be a whole number: the key of this catalogue\'s products is integer, and "x" is not one.',
    ],
    [
      'more products than a run may be limited to',
      Array.from({ length: 1001 }, (_, index) => String(index)),
      '`productIds` may name at most 1000 products, and has 1001.',
    ],
  ])('is refused for %s', async (_what, productIds, message) => {
    const userErrors = [{ field: ['input', 'productIds'], code: 'BAD_USER_INPUT', message }];
    expect(await startPayload(shop, { productIds })).toEqual({ backfill: null, estimate: null, userErrors });
    expect(await startPayload(shop, { productIds, dryRun: true })).toMatchObject({ estimate: null, userErrors });
  });
});

describe('a dry run', () => {
  const encoder = countingEncoder();

  beforeAll(async () => {
    shop = await startTestShop({ products: 6, overrides: { encoder: encoder.encoder } });
    // What a server tidies up at its start has a job of the queue, which is not the dry run's.
    await until('the server has tidied up', async () => {
      const done = await shop.vectors.query(
        `select 1 from lookalike_queue.job where name like 'housekeeping-%' and state = 'completed'`,
      );
      return done.length > 0;
    });
  });

  afterAll(() => shop.close());

  const estimate = async (input: Record<string, unknown> = {}) => {
    const payload = await startPayload(shop, { ...input, dryRun: true });
    expect(payload).toMatchObject({ backfill: null, userErrors: [] });
    return payload.estimate;
  };

  /** How many rows each table of the vector database has, the queue's own among them. */
  async function rowCounts(): Promise<Record<string, unknown>> {
    const tables = await shop.vectors.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname in ('public', 'lookalike_queue')`,
    );
    const counts = tables.map(({ name }) => `(select count(*)::int from ${name}) as "${name}"`);
    const [row] = await shop.vectors.query<Record<string, unknown>>(`select ${counts.join(', ')}`);
    return row ?? {};
  }

  it('says what would be done, without an idea of how long before anything was, and writes nothing', async () => {
    const before = await rowCounts();
    expect(before).toMatchObject({
      'public.embedding_backfills': 0,
      'lookalike_queue.job': expect.any(Number) as number,
    });
    expect(await estimate()).toEqual({ total: 6, toEmbed: 6, left: 0, seconds: null });
    expect(await estimate({ productIds: ['1', '2'] })).toEqual({ total: 2, toEmbed: 2, left: 0, seconds: null });
    expect(await estimate({ scope: 'STALE' })).toEqual({ total: 6, toEmbed: 0, left: 6, seconds: null });
    expect(await estimate({ scope: 'FAILED' })).toEqual({ total: 0, toEmbed: 0, left: 0, seconds: null });
    expect(await rowCounts()).toEqual(before);
    expect(encoder.count()).toBe(0);
  });

  it('agrees with the run that follows it, in every scope', async () => {
    await rm(join(shop.imageRoot, '1.jpg'));
    const first = await shop.backfill();
    expect(first.counts).toMatchObject({ embedded: 5, failed: 1 });
    await shop.changeCatalogue(`update product_images set updated_at = now() where id = 2`);
    await shop.changeCatalogue(
      `insert into product_images (id, product_id, image_url, is_main_image) values (7, 6, '3.jpg', true)`,
    );
    const some = expect.any(Number) as number;
    expect(await estimate()).toEqual({ total: 7, toEmbed: 2, left: 1, seconds: some });
    expect(await estimate({ scope: 'STALE' })).toEqual({ total: 7, toEmbed: 1, left: 2, seconds: some });
    expect(await estimate({ scope: 'FAILED' })).toEqual({ total: 1, toEmbed: 1, left: 0, seconds: some });
    expect(await estimate({ scope: 'ALL' })).toEqual({ total: 7, toEmbed: 7, left: 0, seconds: some });
    expect((await shop.backfill({ scope: 'FAILED' })).counts).toMatchObject({ total: 1, failed: 1 });
    // The photograph of the changed image is the one that was embedded: that is seen only once it is fetched.
    expect((await shop.backfill({ scope: 'STALE' })).counts).toMatchObject({ total: 7, embedded: 0, skipped: 7 });
    expect((await shop.backfill()).counts).toMatchObject({ total: 7, embedded: 1, skipped: 6 });
  });

  it('is answered while a run is active', async () => {
    await shop.app.close();
    await shop.vectors.query(
      `insert into embedding_backfills (model, scope, image_scope, state) values ('deterministic', 'ALL', 'main', 'PAUSED')`,
    );
    await shop.restart();
    expect(await estimate({ scope: 'ALL' })).toMatchObject({ total: 7, toEmbed: 7 });
  });
});
