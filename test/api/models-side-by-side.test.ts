import { afterEach, describe, expect, it } from 'vitest';
import { makeDeterministicEncoder } from '../support/deterministic-encoder.js';
import {
  activationPayload,
  likePhotograph,
  likeProduct,
  rowsOf,
  seenModels,
  untilAnswersWith,
} from '../support/model-operations.js';
import { makeRecordedLog } from '../support/recorded-log.js';
import { startReplica, type Replica, type ReplicaOptions } from '../support/replica.js';
import { gatedEncoder } from '../support/scripted-encoders.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop, type TestShopOptions } from '../support/test-shop.js';
import { until } from '../support/until.js';

/** Another model: coarser, with shorter vectors. */
const COARSE = 'coarse';

let shop: TestShop;
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const coarse = () => makeDeterministicEncoder({ name: COARSE });

async function startShop(options: TestShopOptions = {}): Promise<void> {
  shop = await startTestShop({ products: 6, ...options, overrides: { encoders: [coarse()], ...options.overrides } });
  closers.push(() => shop.close());
}

async function addReplica(options: ReplicaOptions = {}): Promise<Replica> {
  const replica = await startReplica(shop, { encoders: [coarse()], ...options });
  closers.push(() => replica.app.close());
  return replica;
}

describe('a model that is filled while another one answers', () => {
  it('gets rows of its own, and changes no answer meanwhile', async () => {
    const gate = gatedEncoder(3, coarse());
    await startShop({ overrides: { encoders: [gate.encoder] } });
    await shop.backfill();
    const photograph = await testPhotograph(3);
    const before = [await likeProduct(shop, '2'), await likePhotograph(shop, photograph)];
    const id = await shop.startBackfill({ model: COARSE });
    await until('it is half full', () => gate.count() === 3 && gate.waiting() > 0);
    expect((await seenModels(shop))[COARSE]).toMatchObject({ dimensions: 64, state: 'FILLING', activatedAt: null });
    expect([await likeProduct(shop, '2'), await likePhotograph(shop, photograph)]).toEqual(before);
    gate.open();
    expect(await shop.endOf(id)).toMatchObject({ state: 'COMPLETED', counts: { embedded: 6 } });
    const all = { total: 6, embedded: 6, missing: 0, stale: 0, failed: 0 };
    await until('it is seen whole', async () => {
      const seen = (await seenModels(shop))[COARSE];
      return seen?.embeddings === 6 && seen.coverage.missing === 0;
    });
    expect(await seenModels(shop)).toEqual({
      [COARSE]: { name: COARSE, dimensions: 64, state: 'STANDBY', embeddings: 6, coverage: all, activatedAt: null },
      deterministic: {
        name: 'deterministic',
        dimensions: 512,
        state: 'ACTIVE',
        embeddings: 6,
        coverage: all,
        activatedAt: expect.any(String) as string,
      },
    });
    expect([await likeProduct(shop, '2'), await likePhotograph(shop, photograph)]).toEqual(before);
  });

  it('is worked on by whichever process can load it, and the others go on without', async () => {
    const { log, entries } = makeRecordedLog();
    await startShop({ env: { HF_HUB_OFFLINE: 'true' }, overrides: { encoders: [], log } });
    const id = await shop.startBackfill({ model: 'clip-ViT-L-14' });
    await until('the shop can not load it', () =>
      entries.some(({ msg }) => msg.startsWith('the model of a backfill can not be loaded')),
    );
    expect((await shop.backfill()).state).toBe('COMPLETED');
    expect((await seenModels(shop))['clip-ViT-L-14']).toMatchObject({ dimensions: 768, state: 'FILLING' });
    const able = makeDeterministicEncoder({ name: 'clip-ViT-L-14', dimensions: 768 });
    await addReplica({ encoders: [able], workers: 1 });
    expect(await shop.endOf(id)).toMatchObject({ state: 'COMPLETED', counts: { embedded: 6 } });
  });

  it('is worked on a second time, after its workers had nothing left to do', async () => {
    const { log, entries } = makeRecordedLog();
    await startShop({ overrides: { log } });
    expect(await shop.backfill({ model: COARSE })).toMatchObject({ counts: { embedded: 6 } });
    await until('its workers have ended', () =>
      entries.some(({ msg, model }) => msg === 'the backfill of another model has ended' && model === COARSE),
    );
    expect(await shop.backfill({ model: COARSE, scope: 'ALL' })).toMatchObject({ counts: { embedded: 6 } });
  });
});

describe('a switch', () => {
  it('is seen by every server without a restart, and so is the way back', async () => {
    await startShop();
    const others = [await addReplica({ workers: 0 }), await addReplica({ workers: 0 })];
    await shop.backfill();
    await shop.backfill({ model: COARSE });
    const photograph = await testPhotograph(3);
    const before = await likePhotograph(shop, photograph);
    expect(await activationPayload(shop, { model: COARSE })).toEqual({
      model: { name: COARSE, state: 'ACTIVE' },
      previousModel: { name: 'deterministic', state: 'STANDBY' },
      userErrors: [],
    });
    expect((await likeProduct(shop, '1')).model).toBe(COARSE);
    for (const server of others) await untilAnswersWith(server, COARSE);
    for (const server of [shop, ...others]) expect((await likePhotograph(server, photograph)).model).toBe(COARSE);
    expect(await activationPayload(others[0] ?? shop, { model: 'deterministic' })).toMatchObject({
      model: { name: 'deterministic' },
      previousModel: { name: COARSE },
    });
    for (const server of [shop, ...others]) {
      await untilAnswersWith(server, 'deterministic');
      expect(await likePhotograph(server, photograph)).toEqual(before);
    }
  });

  it('to a model that a server can not load keeps it answering: photographs as before, products anew', async () => {
    const { log, entries } = makeRecordedLog();
    await startShop();
    await shop.backfill();
    await shop.backfill({ model: COARSE });
    const without = await addReplica({ encoders: [], workers: 0, log });
    const photograph = await testPhotograph(3);
    const before = await likePhotograph(without, photograph);
    await activationPayload(shop, { model: COARSE });
    await untilAnswersWith(without, COARSE);
    expect(await likePhotograph(without, photograph)).toEqual(before);
    const failures = () => entries.filter(({ msg }) => msg.startsWith('the model can not be loaded for searches'));
    expect(failures()).toMatchObject([{ model: COARSE, level: 50 }]);
  });
});

describe('a server that starts with another CLIP_MODEL than answers', () => {
  it('answers as before, deletes nothing, and says so', async () => {
    const { log, entries } = makeRecordedLog();
    await startShop();
    await shop.backfill();
    const photograph = await testPhotograph(3);
    const before = [await likeProduct(shop, '2'), await likePhotograph(shop, photograph)];
    await shop.restart({ encoder: coarse(), encoders: [makeDeterministicEncoder()], log });
    expect([await likeProduct(shop, '2'), await likePhotograph(shop, photograph)]).toEqual(before);
    expect(await rowsOf(shop, 'deterministic')).toMatchObject({ models: 1, embeddings: 6, backfills: 1 });
    expect(entries).toContainEqual(
      expect.objectContaining({
        level: 30,
        msg: 'searches use the active model, and backfills embed with that of CLIP_MODEL by default; activateEmbeddingModel switches',
        searches: 'deterministic',
        backfills: COARSE,
      }),
    );
  });

  it('embeds with its own by default, and tells of the one that answers', async () => {
    await startShop();
    await shop.restart({ encoder: coarse(), encoders: [makeDeterministicEncoder()] });
    await shop.backfill();
    expect(await rowsOf(shop, COARSE)).toMatchObject({ embeddings: 6 });
    expect(await rowsOf(shop, 'deterministic')).toMatchObject({ embeddings: 0 });
    const status = await shop.query('{ embeddingStatus { model { name } coverage { embedded } } }');
    expect(status.data).toEqual({ embeddingStatus: { model: { name: 'deterministic' }, coverage: { embedded: 0 } } });
  });

  it('starts and searches by product where it can not load the one that answers', async () => {
    const { log, entries } = makeRecordedLog();
    await startShop();
    await shop.backfill();
    const before = await likeProduct(shop, '2');
    await shop.restart({ encoder: coarse(), encoders: [], log });
    expect(await likeProduct(shop, '2')).toEqual(before);
    const refused = await shop.upload(
      await testPhotograph(3),
      'query ($image: Upload) { similarProducts(image: $image) { model { name } } }',
    );
    expect(refused.errors).toMatchObject([{ extensions: { code: 'MODEL_UNAVAILABLE' } }]);
    expect(entries.filter(({ msg }) => msg.startsWith('the model can not be loaded for searches'))).toHaveLength(1);
  });

  async function restartWithSync(): Promise<void> {
    const backfill = { ...shop.config.backfill, workers: 1, syncEverySeconds: 600 };
    Object.assign(shop.config, { backfill });
    await shop.restart({ encoder: coarse(), encoders: [makeDeterministicEncoder()] });
  }

  const untilFull = (model: string): Promise<unknown> =>
    until(`${model} is full`, async () => (await rowsOf(shop, model)).embeddings === 6);

  it('keeps both in step with the catalogue where that is wanted', async () => {
    await startShop();
    await shop.backfill({ productIds: ['1'] });
    await shop.backfill({ model: COARSE, productIds: ['1'] });
    await restartWithSync();
    await Promise.all([untilFull('deterministic'), untilFull(COARSE)]);
  });

  it('fills a model that nobody has asked for by no sync', async () => {
    await startShop();
    await shop.backfill({ productIds: ['1'] });
    await restartWithSync();
    await untilFull('deterministic');
    // A run of the other one would have been written before this one's first image.
    expect((await rowsOf(shop, COARSE)).backfills).toBe(0);
  });
});
