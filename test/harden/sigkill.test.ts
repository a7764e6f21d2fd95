import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { SeededRandom } from '../../demo/seeded-random.js';
import { makeDatabase, type Database } from '../../src/db/database.js';
import { openEmbeddedPostgres } from '../../src/db/embedded-postgres.js';
import { projectRoot } from '../../src/paths.js';
import { hardenSeed, scale } from '../support/harden-scale.js';
import { IMAGES, startProcessShop, type ProcessShop } from '../support/process-shop.js';
import { ADMIN_TOKEN, launchServer, type ServerProcess } from '../support/server-process.js';
import { silentLog } from '../support/silent-log.js';
import { queryImageUpload } from '../support/stop-clients.js';
import { testPhotograph } from '../support/test-photographs.js';
import { until } from '../support/until.js';

/** Data folders, each killed once while it is made and some times later. */
const FOLDERS = scale(1, 25);
const LATER_KILLS = scale(1, 3);

/** Query images that are made before a kill, at most. */
const MOST_MADE = 12;

/** Making a database takes seconds on two cores that others need too. */
const START_MS = 120_000;

let shop: ProcessShop;

beforeAll(async () => {
  shop = await startProcessShop();
  shop.host.supplyMissing();
});

afterAll(() => shop.close());

function launch(dataDir: string): ServerProcess {
  const { VECTOR_DATABASE_URL: _external, ...env } = shop.env;
  const limits = { RATE_LIMIT_UPLOADS: '0', RATE_LIMIT_SEARCHES: '0' };
  const program = join(projectRoot, inject('programs'), 'main.js');
  const server = launchServer(program, { ...env, ...limits, DATA_DIR: dataDir });
  onTestFinished(() => server.kill());
  return server;
}

/** A server is killed in its first start as soon as one of these is so. */
function firstMoments(random: SeededRandom, dataDir: string): (() => boolean)[] {
  const filesWanted = Math.floor(random.between(1, 900));
  const folder = (): string[] => (existsSync(dataDir) ? readdirSync(dataDir) : []);
  const made = (): string | undefined => folder().find((name) => name.startsWith('postgres.new-'));
  const filesMade = (): number => {
    const name = made();
    return name === undefined ? 0 : readdirSync(join(dataDir, name), { recursive: true }).length;
  };
  return [
    () => folder().includes('lookalike.lock'),
    () => filesMade() >= filesWanted || folder().includes('postgres'),
    () => folder().includes('postgres'),
    () => existsSync(join(dataDir, 'run', '.s.PGSQL.5432')),
  ];
}

async function killInFirstStart({ dataDir, random }: Folder): Promise<void> {
  const server = launch(dataDir);
  const hasCome = random.pick(firstMoments(random, dataDir));
  await until('the moment of the kill', hasCome, START_MS);
  server.process.kill('SIGKILL');
  expect(await server.ended).toMatchObject({ signal: 'SIGKILL' });
}

async function ask(url: string, query: string, variables: Record<string, unknown> = {}): Promise<unknown> {
  const response = await fetch(`${url}graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}

/** Makes query images until the server is gone. Those that their client was told of are in `made`. */
async function makeQueryImages(url: string, { made, random }: { made: string[]; random: SeededRandom }): Promise<void> {
  for (;;) {
    const photograph = await testPhotograph(Math.floor(random.between(1, 100_000)));
    const text = await fetch(`${url}graphql`, queryImageUpload(photograph)).then(
      (response) => response.text().catch(() => null),
      () => null,
    );
    if (text === null) return;
    const { data } = JSON.parse(text) as { data: { createQueryImage: { queryImage: { id: string } } } };
    made.push(data.createQueryImage.queryImage.id);
  }
}

/** Looks into the database beside the server that has it. */
async function withDatabase<Result>(dataDir: string, look: (database: Database) => Promise<Result>): Promise<Result> {
  const { url, ownsServer } = await openEmbeddedPostgres({ dataDir, log: silentLog, whenLocked: 'join' });
  expect(ownsServer).toBe(false);
  const database = makeDatabase({ url, name: 'vector', maxConnections: 1, log: silentLog });
  return look(database).finally(() => database.close());
}

interface Stored {
  rows: number;
  counted: number;
}

/** Embeddings that are there, and those that runs have counted. */
const storedIn = (dataDir: string): Promise<Stored> =>
  withDatabase(dataDir, async (database) => {
    // What a killed worker had in hand is free in half a minute; nobody is to wait for that.
    await database.query(
      'update embedding_backfill_jobs set lease_expires_at = now() where lease_expires_at is not null',
    );
    const [stored] = await database.query<Stored>(
      `select (select count(*)::int from image_embeddings) as rows,
         (select coalesce(sum(embedded_count), 0)::int from embedding_backfills) as counted`,
    );
    return stored ?? { rows: 0, counted: 0 };
  });

const START = 'mutation { startEmbeddingBackfill { userErrors { message } } }';
const FIND = 'query ($id: ID!) { queryImage(id: $id) { id } }';
const STATUS = '{ embeddingStatus { backfill { state } } }';

async function expectKept(url: string, made: readonly string[]): Promise<void> {
  for (const id of made) expect(await ask(url, FIND, { id })).toEqual({ queryImage: { id } });
}

/** A data folder that servers are killed on, and what must be in it whatever happens. */
interface Folder {
  dataDir: string;
  random: SeededRandom;
  /** Query images that clients were told of. */
  made: string[];
  /** Embeddings that were there before the last kill. */
  rows: number;
}

/** Starts a server, looks whether everything is there, and kills it while it embeds and makes query images. */
async function killAtWork({ dataDir, random, made, ...before }: Folder): Promise<Folder> {
  const server = launch(dataDir);
  const url = await server.ready();
  await expectKept(url, made);
  const stored = await storedIn(dataDir);
  expect(stored.counted).toBe(stored.rows);
  expect(stored.rows).toBeGreaterThanOrEqual(before.rows);
  if (stored.rows === 0) await ask(url, START);
  const enough = made.length + 1 + Math.floor(random.next() * MOST_MADE);
  const making = makeQueryImages(url, { made, random });
  await until('query images are made', () => made.length >= enough);
  const { rows } = await storedIn(dataDir);
  server.process.kill('SIGKILL');
  expect(await server.ended).toMatchObject({ signal: 'SIGKILL' });
  await making;
  return { dataDir, random, made, rows };
}

/** Starts a server that is left alone until its backfill is done. */
async function expectWhole({ dataDir, made }: Folder): Promise<void> {
  const server = launch(dataDir);
  const url = await server.ready();
  await expectKept(url, made);
  await storedIn(dataDir);
  const isDone = async (): Promise<boolean> => {
    const { embeddingStatus } = (await ask(url, STATUS)) as { embeddingStatus: { backfill: { state: string } } };
    return embeddingStatus.backfill.state === 'COMPLETED';
  };
  await until('the backfill is done', isDone, START_MS);
  expect(await storedIn(dataDir)).toEqual({ rows: IMAGES, counted: IMAGES });
  expect(readdirSync(dataDir).filter((name) => name.startsWith('postgres.new-'))).toEqual([]);
  await server.kill();
}

describe('a server with the embedded database that is killed', () => {
  it('opens again every time, with all that was acknowledged, and goes on with its backfill', async () => {
    const random = new SeededRandom(hardenSeed());
    let kept = 0;
    for (let count = 0; count < FOLDERS; count += 1) {
      const root = await mkdtemp(join(tmpdir(), 'lookalike-sigkill-'));
      onTestFinished(() => rm(root, { recursive: true, force: true }));
      let folder: Folder = { dataDir: join(root, 'data'), random, made: [], rows: 0 };
      await killInFirstStart(folder);
      for (let kill = 0; kill < LATER_KILLS; kill += 1) folder = await killAtWork(folder);
      await expectWhole(folder);
      await rm(root, { recursive: true });
      kept += folder.made.length;
      process.stdout.write(`${(count + 1) * (1 + LATER_KILLS)} kills, ${kept} query images kept.\n`);
    }
  });
});
