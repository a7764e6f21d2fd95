import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { CHUNK_SIZE } from '../../src/services/backfill-chunks.js';
import { embeddedIds, openJobs, seenBackfill, startPayload, steer } from '../support/backfill-operations.js';
import { hungUp, photograph, silence, startImageHost } from '../support/image-host.js';
import { startReplica, type Replica } from '../support/replica.js';
import { gatedEncoder, type GatedEncoder } from '../support/scripted-encoders.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

let shop: TestShop;
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Of each of the two jobs of a run so many images are not embedded yet that a server has enough of them with one. */
const NEEDED_OF_EACH = 140;
const NEEDED = 2 * NEEDED_OF_EACH;
const IMAGES = CHUNK_SIZE + NEEDED_OF_EACH;

interface Work {
  id: string;
  here: GatedEncoder;
  there: GatedEncoder;
  replica: Replica;
}

/** Two servers in the middle of one run, each with a job of it: their models have stopped for now. */
async function startWork(): Promise<Work> {
  const [here, there] = [gatedEncoder(12), gatedEncoder(7)];
  const ids = Array.from({ length: IMAGES }, (_, index) => String(index + 1));
  const images = ids.map((id) => ({ id, productId: id, url: 'same.jpg', isMain: true }));
  const catalog = {
    keyType: 'integer',
    products: ids.map((id) => ({ id })),
    images: [...images, { id: '9000', url: '1.jpg' }],
  };
  // A host with many places is no reason to take up the next job while one is in hand.
  const env = { BATCH_SIZE: '5', DOWNLOAD_CONCURRENCY_PER_HOST: '256' };
  shop = await startTestShop({ catalog, env, overrides: { encoder: here.encoder } });
  closers.push(() => shop.close());
  await copyFile(join(shop.imageRoot, '1.jpg'), join(shop.imageRoot, 'same.jpg'));
  await shop.vectors.query(
    `insert into image_embeddings (model_version, image_id, product_id, image_url, is_main_image, image_embedding)
     select 'deterministic', n::text, n::text, 'same.jpg', true, array_fill(0.0442, array[512])::vector::halfvec(512)
     from generate_series($1::int, $2::int) as n`,
    [NEEDED_OF_EACH + 1, CHUNK_SIZE],
  );
  const replica = await startReplica(shop, { encoder: there.encoder });
  closers.push(() => replica.app.close());
  const id = await shop.startBackfill();
  await until('both servers work', () => here.waiting() > 0 && there.waiting() > 0);
  await until('both models have done what they may', () => here.count() === 12 && there.count() === 7);
  return { id, here, there, replica };
}

/** How many images a run has embedded. */
async function embeddedBy(id: string): Promise<number> {
  const rows = await shop.vectors.query('select 1 from image_embeddings where backfill_id = $1::uuid', [id]);
  return rows.length;
}

const noJobIsHeld = async (id: string) => (await openJobs(shop, id)).every(({ isHeld }) => !isHeld);

describe('a pause', () => {
  it('reaches every server: what is embedded is stored, nothing more is, and a resume goes on from there', async () => {
    const { id, here, there, replica } = await startWork();
    expect(await steer(replica, 'pause', id)).toMatchObject({ backfill: { state: 'PAUSED' }, userErrors: [] });
    await until('both servers have let go', () => noJobIsHeld(id));
    const paused = await seenBackfill(shop, id);
    expect([here.count(), there.count()]).toEqual([12, 7]);
    expect([here.waiting(), there.waiting()]).toEqual([0, 0]);
    expect(paused).toMatchObject({ state: 'PAUSED', imagesPerSecond: null, secondsLeft: null });
    expect(paused.counts).toMatchObject({ total: IMAGES, processed: 19, embedded: 19, skipped: 0, failed: 0 });
    expect(await embeddedBy(id)).toBe(19);
    here.open();
    there.open();
    await steer(shop, 'resume', id);
    expect(await shop.endOf(id)).toMatchObject({
      state: 'COMPLETED',
      counts: { total: IMAGES, processed: IMAGES, embedded: NEEDED, skipped: IMAGES - NEEDED, failed: 0 },
    });
    expect(here.count() + there.count()).toBe(NEEDED);
    expect(await embeddedIds(shop)).toHaveLength(IMAGES);
  });

  it('drops the downloads that are under way, and they begin anew when it is over', async () => {
    const host = await startImageHost();
    closers.push(() => host.close());
    const ids = ['1', '2', '3'];
    for (const id of ids) host.on(`/${id}.jpg`, silence());
    const images = ids.map((id) => ({ id, productId: id, url: `${host.origin}/${id}.jpg`, isMain: true }));
    const catalog = { keyType: 'integer', products: ids.map((id) => ({ id })), images };
    shop = await startTestShop({ catalog, env: { IMAGE_ALLOWED_PRIVATE_HOSTS: host.host } });
    closers.push(() => shop.close());
    const id = await shop.startBackfill();
    await until('all three are asked for', () => host.requests.length === 3);
    await steer(shop, 'pause', id);
    await Promise.all(host.requests.map((request) => hungUp(request)));
    await until('the server has let go', () => noJobIsHeld(id));
    expect((await seenBackfill(shop, id)).counts).toMatchObject({ processed: 0, failed: 0 });
    for (const image of ids) host.on(`/${image}.jpg`, photograph(await testPhotograph(Number(image))));
    expect(host.requests).toHaveLength(3);
    await steer(shop, 'resume', id);
    expect(await shop.endOf(id)).toMatchObject({ state: 'COMPLETED', counts: { embedded: 3, failed: 0 } });
    expect(host.requests).toHaveLength(6);
  });

  it('outlives the servers', async () => {
    const encoder = gatedEncoder(3);
    shop = await startTestShop({ products: 9, env: { BATCH_SIZE: '3' }, overrides: { encoder: encoder.encoder } });
    closers.push(() => shop.close());
    const id = await shop.startBackfill();
    await until('a batch is stored', async () => (await embeddedIds(shop)).length === 3);
    await steer(shop, 'pause', id);
    await shop.restart();
    expect(await seenBackfill(shop, id)).toMatchObject({ state: 'PAUSED', counts: { embedded: 3 } });
    await steer(shop, 'resume', id);
    expect(await shop.endOf(id)).toMatchObject({ state: 'COMPLETED', counts: { total: 9, embedded: 9, skipped: 0 } });
  });
});

describe('a cancel', () => {
  it('stops every server, and keeps what is stored', async () => {
    const { id, here, there, replica } = await startWork();
    await until('what could be stored is', async () => (await embeddedBy(id)) === 15);
    await steer(replica, 'cancel', id);
    await until('both models are left alone', () => here.waiting() === 0 && there.waiting() === 0);
    expect([here.count(), there.count()]).toEqual([12, 7]);
    await replica.app.close();
    await shop.app.close();
    expect(await embeddedBy(id)).toBe(15);
  });

  it('makes room for another run at once, which does what is left', async () => {
    const { id, here, there, replica } = await startWork();
    await until('what could be stored is', async () => (await embeddedBy(id)) === 15);
    await steer(replica, 'cancel', id);
    const next = await startPayload(shop);
    expect(next.userErrors).toEqual([]);
    here.open();
    there.open();
    expect(await shop.endOf(String(next.backfill?.id))).toMatchObject({
      state: 'COMPLETED',
      counts: { total: IMAGES, processed: IMAGES, embedded: NEEDED - 15, skipped: IMAGES - NEEDED + 15, failed: 0 },
    });
    expect(await seenBackfill(shop, id)).toMatchObject({
      state: 'CANCELLED',
      counts: { total: IMAGES, processed: 15, embedded: 15, skipped: 0, failed: 0 },
    });
    expect(await embeddedBy(id)).toBe(15);
    expect(await embeddedIds(shop)).toHaveLength(IMAGES);
  });
});
