import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp, type App, type AppOverrides } from '../../src/app.js';
import { loadConfig, type Config } from '../../src/config.js';
import type { Database, Queryable } from '../../src/db/database.js';
import type { Close } from '../../src/types.js';
import { createCatalog, numberedCatalog, type CatalogFixture } from './catalog-fixture.js';
import { startEmptyTestDatabase, startTestDatabase, type TestDatabase } from './database.js';
import { makeDeterministicEncoder } from './deterministic-encoder.js';
import { silentLog } from './silent-log.js';
import { testPhotograph } from './test-photographs.js';
import { until } from './until.js';

/** The answer to a GraphQL request over HTTP. */
export interface Answer {
  status: number;
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
}

/** A backfill that has ended: its final state and counts. */
export interface EndedBackfill {
  id: string;
  state: string;
  counts: Record<string, number>;
}

/** A whole server on databases of its own, with a small shop whose photographs lie in a folder. */
export interface TestShop {
  app: App;
  config: Config;
  catalogue: Database;
  vectors: Database;
  /** The folder that image URLs are relative to. */
  imageRoot: string;
  /** Sends a GraphQL request as JSON. */
  query(query: string, variables?: Record<string, unknown>, headers?: Record<string, string>): Promise<Answer>;
  /** The same with the admin token. */
  asAdmin(query: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** Sends a GraphQL multipart request with one file for the variable `image`. */
  upload(photograph: Buffer, query: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** Sends a GraphQL multipart request with one file for the variable at `path`, which is null in `operations`. */
  send(operations: Record<string, unknown>, upload: { path: string; file: Buffer }): Promise<Answer>;
  /** Runs a statement that changes the catalogue, which the app itself only reads. */
  changeCatalogue(sql: string, values?: readonly unknown[]): Promise<void>;
  /** Starts a backfill; its id. */
  startBackfill(input?: Record<string, unknown>): Promise<string>;
  /** Waits until a backfill has ended. */
  endOf(id: string): Promise<EndedBackfill>;
  /** Runs a backfill to its end. */
  backfill(input?: Record<string, unknown>): Promise<EndedBackfill>;
  /** Ends the server and starts another on the same databases. */
  restart(overrides?: AppOverrides): Promise<void>;
  /** Takes the vector database away for good. */
  loseVectors: Close;
  close: Close;
}

export interface TestShopOptions {
  /** How many products with one main image each; 12 by default. Their ids are 1, 2, 3, ... */
  products?: number;
  /** Another catalogue than that. */
  catalog?: CatalogFixture;
  /** Environment variables on top of the test's own. */
  env?: Record<string, string>;
  overrides?: AppOverrides;
}

export const ADMIN_TOKEN = 'the-admin-token-of-the-tests';

interface Servers {
  vectors: TestDatabase;
  catalogue: TestDatabase;
}

/**
 * Two databases for all shops of a process, one after another: starting them takes far longer than emptying them. They end
 * with the process; those on a server are dropped when the run is over (database-template.ts).
 */
let servers: Promise<Servers> | null = null;

async function startServers(): Promise<Servers> {
  const [vectors, catalogue] = await Promise.all([startTestDatabase(), startEmptyTestDatabase()]);
  return { vectors, catalogue };
}

// In a hook, which may take longer than a test.
async function emptied({ vectors, catalogue }: Servers, fixture: CatalogFixture): Promise<void> {
  await vectors.database.query(
    'truncate embedding_models, image_embeddings, embedding_backfills, embedding_failures, lookalike_queue.job cascade',
  );
  await writing(catalogue.database, async (tx) => {
    await tx.query('drop schema public cascade');
    await createCatalog(tx, fixture);
  });
}

/** The app's connections to the catalogue are read only, and the embedded Postgres has one session for all. */
async function writing(catalogue: Database, write: (tx: Queryable) => Promise<unknown>): Promise<void> {
  await catalogue.transaction(async (tx) => {
    await tx.query('set transaction read write');
    await write(tx);
  });
}

/**
 * Starts a shop; everything in it is real but the encoder, unless `overrides` has another. A test file has one at a time.
 */
export async function startTestShop(options: TestShopOptions = {}): Promise<TestShop> {
  servers ??= startServers();
  const { vectors, catalogue } = await servers;
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-shop-'));
  const imageRoot = join(folder, 'images');
  const fixture = options.catalog ?? numberedCatalog(options.products ?? 12);
  await writePhotographs(imageRoot, fixture);
  await emptied({ vectors, catalogue }, fixture);
  const config = loadConfig({
    DATABASE_URL: catalogue.url,
    VECTOR_DATABASE_URL: vectors.url,
    DATA_DIR: join(folder, 'data'),
    IMAGE_ROOT: imageRoot,
    PORT: '0',
    ADMIN_TOKEN,
    // Hundreds of tests come from one address.
    RATE_LIMIT_UPLOADS: '0',
    RATE_LIMIT_SEARCHES: '0',
    // Nobody sends requests to a shop that is being closed.
    STOP_DELAY_MS: '0',
    ...options.env,
  });
  const start = (overrides: AppOverrides = {}): Promise<App> =>
    startApp(config, { encoder: makeDeterministicEncoder(), log: silentLog, ...overrides });
  const shop = {
    app: await start(options.overrides),
    config,
    catalogue: catalogue.database,
    vectors: vectors.database,
    imageRoot,
    restart: async (overrides?: AppOverrides): Promise<void> => {
      await shop.app.close();
      shop.app = await start(overrides);
    },
    loseVectors: async (): Promise<void> => {
      servers = null;
      await vectors.close();
    },
    close: async (): Promise<void> => {
      await shop.app.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return Object.assign(shop, makeClient(shop), makeDriver(shop));
}

/** Writes a photograph for every image whose URL is a plain `<number>.jpg`. */
async function writePhotographs(imageRoot: string, fixture: CatalogFixture): Promise<void> {
  await mkdir(imageRoot, { recursive: true });
  for (const { url } of fixture.images) {
    const number = /^(\d+)\.jpg$/.exec(url ?? '')?.[1];
    if (number !== undefined) await writeFile(join(imageRoot, `${number}.jpg`), await testPhotograph(Number(number)));
  }
}

export type Client = Pick<TestShop, 'query' | 'asAdmin' | 'upload' | 'send'>;

/**
 * Sends requests to the server of a shop, or to another one on the same databases.
 *
 * @param shop - its `app` may be another one after a restart.
 */
export function makeClient(shop: { app: App }): Client {
  const post = async (init: RequestInit): Promise<Answer> => {
    const response = await fetch(`${shop.app.url}graphql`, { method: 'POST', ...init });
    return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) };
  };
  const query: Client['query'] = (text, variables = {}, headers = {}) =>
    post({
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: text, variables }),
    });
  const send: Client['send'] = (operations, { path, file }) => {
    const body = new FormData();
    body.set('operations', JSON.stringify(operations));
    body.set('map', JSON.stringify({ 0: [path] }));
    body.set('0', new Blob([new Uint8Array(file)]), 'photo.jpg');
    return post({ headers: { 'apollo-require-preflight': 'true' }, body });
  };
  return {
    query,
    asAdmin: (text, variables) => query(text, variables, { authorization: `Bearer ${ADMIN_TOKEN}` }),
    upload: (file, text, variables = {}) =>
      send({ query: text, variables: { ...variables, image: null } }, { path: 'variables.image', file }),
    send,
  };
}

const START = `mutation ($input: StartEmbeddingBackfillInput) {
  startEmbeddingBackfill(input: $input) { backfill { id } userErrors { code message } }
}`;

const RUN = `query ($id: ID!) {
  embeddingBackfill(id: $id) { id state finishedAt error counts { total processed embedded skipped failed } }
}`;

type Driver = Pick<TestShop, 'changeCatalogue' | 'startBackfill' | 'endOf' | 'backfill'>;

function makeDriver(shop: { app: App; catalogue: Database }): Driver {
  const { asAdmin } = makeClient(shop);
  const startBackfill: Driver['startBackfill'] = async (input = {}) => {
    const started = await asAdmin(START, { input });
    const payload = started.data?.startEmbeddingBackfill as { backfill: { id: string } } | undefined;
    if (payload === undefined) throw new Error(JSON.stringify(started.errors));
    return payload.backfill.id;
  };
  const endOf: Driver['endOf'] = (id) =>
    until('the backfill ends', async () => {
      const { data } = await asAdmin(RUN, { id });
      const run = data?.embeddingBackfill as EndedBackfill & { finishedAt: string | null };
      return run.finishedAt === null ? null : run;
    });
  return {
    changeCatalogue: (sql, values = []) => writing(shop.catalogue, (tx) => tx.query(sql, values)),
    startBackfill,
    endOf,
    backfill: async (input) => endOf(await startBackfill(input)),
  };
}
