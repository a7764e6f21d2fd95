import { createClient } from 'graphql-ws';
import { afterEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { seenBackfill, steer } from '../support/backfill-operations.js';
import { startReplica, type Replica } from '../support/replica.js';
import { gatedEncoder } from '../support/scripted-encoders.js';
import { startTestShop, type TestShop, type TestShopOptions } from '../support/test-shop.js';
import { until } from '../support/until.js';

const FIELDS = `
  sequence updatedAt model { name dimensions } coverage { total embedded missing stale failed }
  backfill { id state counts { total processed embedded skipped failed } imagesPerSecond }`;

interface Status {
  sequence: number;
  updatedAt: string;
  model: { name: string; dimensions: number };
  coverage: Record<string, number>;
  backfill: { id: string; state: string; counts: Record<string, number>; imagesPerSecond: number | null } | null;
}

let shop: TestShop;
const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function startShop(options: TestShopOptions): Promise<void> {
  shop = await startTestShop(options);
  closers.push(() => shop.close());
}

async function addReplica(workers: number): Promise<Replica> {
  const replica = await startReplica(shop, { workers });
  closers.push(() => replica.app.close());
  return replica;
}

/** What a server sends to whoever follows a run, as it comes. `done` resolves when the server has ended it. */
function follow({ app }: Pick<Replica, 'app'>, id: string | null): { events: Status[]; done: Promise<void> } {
  const url = `${app.url.replace('http', 'ws')}graphql`;
  const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 });
  closers.push(async () => client.dispose());
  const events: Status[] = [];
  const query = `subscription ($id: ID) { embeddingStatus(backfillId: $id) { ${FIELDS} } }`;
  const done = (async () => {
    for await (const { data } of client.iterate<{ embeddingStatus: Status }>({ query, variables: { id } })) {
      if (data) events.push(data.embeddingStatus);
    }
  })();
  return { events, done };
}

describe('embeddingStatus', () => {
  it('is of the model that runs here, or of another that has room, and of no other', async () => {
    await startShop({ products: 2 });
    await shop.vectors.query(`insert into embedding_models (name, dimensions) values ('clip-of-another-server', 8)`);
    const query = `query ($model: String) { embeddingStatus(model: $model) { ${FIELDS} } }`;
    await shop.backfill();
    const own = (await shop.query(query)).data?.embeddingStatus;
    expect(own).toMatchObject({ model: { name: 'deterministic' }, backfill: { state: 'COMPLETED' } });
    expect((await shop.query(query, { model: 'deterministic' })).data?.embeddingStatus).toEqual(own);
    expect((await shop.query(query, { model: 'clip-of-another-server' })).data?.embeddingStatus).toMatchObject({
      model: { name: 'clip-of-another-server', dimensions: 8 },
      coverage: { total: 2, embedded: 0, missing: 2, stale: 0, failed: 0 },
      backfill: null,
    });
    expect((await shop.query(query, { model: 'none' })).errors).toMatchObject([
      {
        message: 'There is no model "none" here. There are: clip-of-another-server, deterministic.',
        extensions: { code: 'NOT_FOUND', argument: 'model' },
      },
    ]);
  });

  it('tells how fast a run is while somebody works on it, and where the time went', async () => {
    const encoder = gatedEncoder(4);
    await startShop({ products: 10, env: { BATCH_SIZE: '2' }, overrides: { encoder: encoder.encoder } });
    const id = await shop.startBackfill();
    const running = await until('two batches are stored', async () => {
      const run = await seenBackfill(shop, id);
      return run.counts.embedded === 4 && run;
    });
    expect(running).toMatchObject({ state: 'RUNNING', counts: { total: 10, processed: 4 } });
    expect(running.imagesPerSecond).toBeGreaterThan(0);
    expect(running.secondsLeft).toBeCloseTo(6 / Number(running.imagesPerSecond), 3);
    await steer(shop, 'pause', id);
    expect(await seenBackfill(shop, id)).toMatchObject({ imagesPerSecond: null, secondsLeft: null });
    encoder.open();
    await steer(shop, 'resume', id);
    await shop.endOf(id);
    const ended = await seenBackfill(shop, id);
    expect(ended).toMatchObject({ imagesPerSecond: null, secondsLeft: null, counts: { embedded: 10 } });
    const { stages } = ended;
    expect(Object.keys(stages ?? {})).toEqual(['downloadMs', 'decodeMs', 'encodeMs', 'storeMs']);
    for (const ms of Object.values(stages ?? {})) expect(ms).toBeGreaterThanOrEqual(0);
    expect(Object.values(stages ?? {}).some((ms) => ms > 0)).toBe(true);
    const times = [ended.createdAt, ended.startedAt, ended.finishedAt].map((time) => Date.parse(String(time)));
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});

describe('a server without workers', () => {
  it('starts a run and leaves it to others', async () => {
    await startShop({ products: 3, env: { WORKERS: '0' } });
    const id = await shop.startBackfill();
    const { events } = follow(shop, id);
    await until('the first event is there', () => events.length > 0);
    expect(events).toMatchObject([{ backfill: { id, state: 'PENDING', counts: { total: null, processed: 0 } } }]);
    expect(await shop.vectors.query('select kind, worker_id from embedding_backfill_jobs')).toEqual([
      { kind: 'PLAN', worker_id: null },
    ]);
  });

  it('sends how a run goes that another process works on: first where things stand, last how it ended', async () => {
    await startShop({ products: 20, env: { WORKERS: '0', BATCH_SIZE: '5' } });
    const id = await shop.startBackfill();
    const watched = [follow(shop, id), follow(shop, null)];
    await until('both have a first event', () => watched.every(({ events }) => events.length > 0));
    await addReplica(1);
    await Promise.all(watched.map(({ done }) => done));
    for (const { events } of watched) {
      expect(events[0]).toMatchObject({
        backfill: { id, state: 'PENDING', counts: { total: null, processed: 0 } },
        coverage: { total: 20, embedded: 0, missing: 20 },
      });
      expect(events.at(-1)).toMatchObject({
        backfill: { id, state: 'COMPLETED', counts: { total: 20, processed: 20, embedded: 20 }, imagesPerSecond: null },
        coverage: { total: 20, embedded: 20, missing: 0, stale: 0, failed: 0 },
      });
      const sequences = events.map(({ sequence }) => sequence);
      expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
      const processed = events.map(({ backfill }) => Number(backfill?.counts.processed));
      expect(processed).toEqual([...processed].sort((a, b) => a - b));
    }
    expect(watched[0]?.events.at(-1)?.sequence).toBe(watched[1]?.events.at(-1)?.sequence);
  });

  it.each(['cancel', 'pause'] as const)('sends a %s that came by another server', async (command) => {
    await startShop({ products: 3, env: { WORKERS: '0' } });
    const replica = await addReplica(0);
    const id = await shop.startBackfill();
    const { events, done } = follow(replica, id);
    await until('the first event is there', () => events.length > 0);
    await steer(shop, command, id);
    const state = command === 'cancel' ? 'CANCELLED' : 'PAUSED';
    await until('the change is sent', () => events.at(-1)?.backfill?.state === state);
    if (command === 'pause') await steer(replica, 'cancel', id);
    await done;
    expect(events.at(-1)).toMatchObject({ backfill: { id, state: 'CANCELLED' } });
  });
});
