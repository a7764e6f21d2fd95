import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { SeededRandom } from '../../demo/seeded-random.js';
import { projectRoot } from '../../src/paths.js';
import { hardenSeed, scale } from '../support/harden-scale.js';
import { IMAGES, startProcessShop, type ProcessShop } from '../support/process-shop.js';
import { rawUpload } from '../support/raw-upload.js';
import { launchServer, type ServerEnd, type ServerProcess } from '../support/server-process.js';
import { StopClients } from '../support/stop-clients.js';
import { testPhotograph } from '../support/test-photographs.js';
import { until } from '../support/until.js';

const STOPS = scale(1, 100);

/** Answers before the signal comes, at most. */
const MOST_ANSWERS = 40;

const STOP_DELAY_MS = 200;

/** What a stop may take, and a little for the process to be gone. */
const DEADLINE_MS = 10_000 + STOP_DELAY_MS + 1000;

let shop: ProcessShop;

beforeAll(async () => {
  shop = await startProcessShop();
  shop.host.supplyMissing();
  // Whatever is stored leaves a trace here, also where it takes the place of what was there.
  await shop.vectors.query(`
    create table stored_images (image_id text not null);
    create function note_stored() returns trigger language plpgsql as
      $$ begin insert into stored_images values (new.image_id); return new; end $$;
    create trigger note_stored before insert or update on image_embeddings for each row execute function note_stored()`);
});

afterAll(() => shop.close());

function launch(env: Record<string, string>): ServerProcess {
  const limits = { RATE_LIMIT_UPLOADS: '0', RATE_LIMIT_SEARCHES: '0', STOP_DELAY_MS: String(STOP_DELAY_MS) };
  const server = launchServer(join(projectRoot, inject('programs'), 'main.js'), { ...limits, ...env });
  onTestFinished(() => server.kill());
  return server;
}

/** Sends the signal, and waits until the process has ended. One that misses its deadline is killed, and tells so by its signal. */
async function terminate(server: ServerProcess): Promise<ServerEnd> {
  const deadline = setTimeout(() => server.process.kill('SIGKILL'), DEADLINE_MS);
  server.process.kill('SIGTERM');
  const end = await server.ended;
  clearTimeout(deadline);
  return end;
}

interface Row {
  count: number;
}

async function count(sql: string): Promise<number> {
  const [row] = await shop.vectors.query<Row>(sql);
  return row?.count ?? 0;
}

const madeCount = () => count('select count(*)::int as count from query_images');
const activeCount = () =>
  count(`select count(*)::int as count from embedding_backfills where state in ('PENDING', 'RUNNING')`);
const leaseCount = () =>
  count('select count(*)::int as count from embedding_backfill_jobs where lease_expires_at > now()');

async function expectAllEmbeddedOnce(): Promise<void> {
  expect(await count('select count(distinct image_id)::int as count from stored_images')).toBe(IMAGES);
  expect(await count('select count(*)::int as count from stored_images')).toBe(IMAGES);
  const [run] = await shop.vectors.query(
    `select state, embedded_count::int as embedded, skipped_count::int as skipped, failed_count::int as failed
     from embedding_backfills`,
  );
  expect(run).toEqual({ state: 'COMPLETED', embedded: IMAGES, skipped: 0, failed: 0 });
}

/** Goes on with the run that there is; where that is done, looks at what came of it and begins another. */
async function prepareRun(): Promise<void> {
  if ((await activeCount()) > 0) return;
  if ((await count('select count(*)::int as count from embedding_backfills')) > 0) await expectAllEmbeddedOnce();
  await shop.reset();
  shop.host.supplyMissing();
  await shop.vectors.query('truncate stored_images');
  await shop.writeRun();
}

describe('SIGTERM to a server with a backfill, searches, uploads and a subscription', () => {
  it('loses no request, closes sockets as it should, ends in time, and the next start goes on', async () => {
    const random = new SeededRandom(hardenSeed());
    let refused = 0;
    for (let stop = 0; stop < STOPS; stop += 1) {
      await prepareRun();
      const madeBefore = await madeCount();
      const server = launch(shop.env);
      const clients = new StopClients(await server.ready(), random, IMAGES);
      const enough = 1 + Math.floor(random.next() * MOST_ANSWERS);
      await until('enough is answered', () => clients.record.answered >= enough && clients.record.events > 0);
      clients.expectStop();
      expect(await terminate(server)).toEqual({ code: 0, signal: null });
      const record = await clients.ended();
      expect(record.failures).toEqual([]);
      expect(record.closeCodes).toEqual([1001]);
      // What was refused was not begun.
      expect((await madeCount()) - madeBefore).toBe(record.made);
      expect(await leaseCount()).toBe(0);
      refused += record.refused;
      await server.kill();
      process.stdout.write(`${stop + 1} stops, ${refused} requests met a closed port.\n`);
    }
    await prepareRun();
    launch(shop.env);
    await until('the backfill is done', async () => (await activeCount()) === 0, 60_000);
    await expectAllEmbeddedOnce();
  });

  it('ends at once at the second signal', async () => {
    const server = launch({ ...shop.env, WORKERS: '0' });
    const client = connect(Number(new URL(await server.ready()).port), '127.0.0.1');
    client.on('error', () => undefined);
    await once(client, 'connect');
    // The rest of it never comes, and the first signal waits for it.
    client.write(rawUpload(await testPhotograph(1)).subarray(0, -10));
    server.process.kill('SIGTERM');
    await server.logged('stopping');
    server.process.kill('SIGTERM');
    expect(await server.ended).toEqual({ code: 1, signal: null });
    expect(server.lines.map(({ msg }) => msg)).not.toContain('stopped');
  });
});

describe('SIGTERM while a server starts for the first time', () => {
  const MOMENTS = [
    'making the embedded database: this takes some seconds, once',
    'found the catalogue',
    'the model is loaded',
  ];

  it.each(MOMENTS.slice(0, scale(1, MOMENTS.length)))(
    'ends it in order, and the next start succeeds: when it logs "%s"',
    async (moment) => {
      const folder = await mkdtemp(join(tmpdir(), 'lookalike-sigterm-'));
      onTestFinished(() => rm(folder, { recursive: true, force: true }));
      const env = { DATA_DIR: join(folder, 'data') };
      const server = launch(env);
      await server.logged(moment);
      expect(await terminate(server)).toEqual({ code: 0, signal: null });
      const next = launch(env);
      await next.ready();
      expect(await terminate(next)).toEqual({ code: 0, signal: null });
    },
  );
});
