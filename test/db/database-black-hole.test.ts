import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { socketUrl } from '../../src/db/data-dir.js';
import { makeDatabase, type Database, type DatabaseOptions } from '../../src/db/database.js';
import { ImpatientClient } from '../../src/db/database-pool.js';
import { startPostgresThread } from '../../src/db/postgres-thread.js';
import { ServiceUnavailableError } from '../../src/errors.js';
import { startEmptyTestDatabase, type TestDatabase } from '../support/database.js';
import { startPostgresProxy, type PostgresProxy } from '../support/postgres-proxy.js';
import { silentLog } from '../support/silent-log.js';
import { until } from '../support/until.js';

/** Far longer than a statement of these tests takes where there is an answer. */
const STATEMENT_TIMEOUT_MS = 1_000;

const LOST =
  'The connection to the vector database was lost (ETIMEDOUT). Try again; if it stays so, check that it runs.';

let server: TestDatabase;
let proxy: PostgresProxy;
let database: Database;
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  server = await startEmptyTestDatabase();
  await server.database.query('create table notes (id int primary key)');
});
afterAll(() => server.close());

beforeEach(async () => {
  await server.database.query('delete from notes');
  proxy = await startPostgresProxy(server.url);
  closers.push(() => proxy.close());
  database = connect(proxy.url);
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function connect(url: string, options: Partial<DatabaseOptions> = {}): Database {
  const made = makeDatabase({
    url,
    name: 'vector',
    maxConnections: 2,
    log: silentLog,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    ...options,
  });
  closers.push(() => made.close());
  return made;
}

async function stored(): Promise<number[]> {
  const rows = await server.database.query<{ id: number }>('select id from notes order by id');
  return rows.map(({ id }) => id);
}

async function errorOf(promise: Promise<unknown>): Promise<ServiceUnavailableError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ServiceUnavailableError)) throw new Error(`Not the error awaited: ${String(error)}`);
  return error;
}

/** From the statement on, nothing comes through. */
function blackHoleAt(part: string): void {
  proxy.onStatement(({ sql }) => {
    if (sql.includes(part)) proxy.setNetwork('black hole');
    return 'pass';
  });
}

function networkIsBack(): void {
  proxy.onStatement(null);
  proxy.setNetwork('up');
}

const seen = (sql: string) => until(`the proxy sees ${sql}`, () => proxy.statements.includes(sql));

describe('a server that vanishes', () => {
  it('during a statement loses the connection, and another one is used once it is back', async () => {
    blackHoleAt('cut here');
    const error = await errorOf(database.query(`select 'cut here'`));
    expect(error.message).toBe(LOST);
    expect(error.details).toEqual({});
    networkIsBack();
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('during a transaction is reported by the statement that met it first, and the others fail without waiting', async () => {
    blackHoleAt('values (2)');
    const met: unknown[] = [];
    const failing = database.transaction(async (tx) => {
      await tx.query('insert into notes values (1)');
      await tx.query('insert into notes values (2)').catch((error: unknown) => met.push(error));
      await tx.query('insert into notes values (3)').catch((error: unknown) => met.push(error));
      throw met[0];
    });
    const error = await errorOf(failing);
    expect(met).toEqual([error, expect.any(ServiceUnavailableError)]);
    expect(error.message).toBe(LOST);
    networkIsBack();
    expect(await stored()).toEqual([]);
    expect(proxy.statements).not.toContain('insert into notes values (3)');
    expect(proxy.statements).not.toContain('rollback');
  });

  it('during a commit leaves nobody who can tell the outcome', async () => {
    blackHoleAt('commit');
    const error = await errorOf(database.transaction((tx) => tx.query('insert into notes values (1)')));
    expect(error.message).toMatch(/^The connection to the vector database was lost during a commit/);
    expect(error.details).toEqual({ outcome: 'unknown' });
  });

  it('before it answers a commit leaves it stored', async () => {
    proxy.onAnswered(({ sql }) => {
      if (sql === 'commit') proxy.setNetwork('black hole');
      return 'pass';
    });
    const error = await errorOf(database.transaction((tx) => tx.query('insert into notes values (1)')));
    expect(error.details).toEqual({ outcome: 'unknown' });
    expect(await stored()).toEqual([1]);
  });

  it('while a connection is set up can not be reached', async () => {
    const careful = connect(proxy.url, { onConnect: `set application_name = 'set first'` });
    blackHoleAt('set first');
    const error = await errorOf(careful.query('select 1'));
    expect(error.message).toBe(
      "The vector database can't be reached (ETIMEDOUT). Check that it runs and that its address is right.",
    );
    networkIsBack();
    expect(await careful.query('select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('a statement that may take its time', () => {
  it('is one of a session', async () => {
    await Promise.all([database.query('select 1'), database.query('select 1')]);
    blackHoleAt('patient');
    let settled = false;
    const patient = database.session((session) => session.query('select 1 as patient')).finally(() => (settled = true));
    await seen('select 1 as patient');
    // It was asked later, with the same bound.
    await errorOf(database.transaction((tx) => tx.query('select 2')));
    expect(settled).toBe(false);
    networkIsBack();
    expect(await patient).toEqual([{ patient: 1 }]);
  });

  it('is one on a Unix socket, where others may hold the one session of the embedded Postgres', async () => {
    const { url, throughNetwork } = await startEmbedded();
    const [holder, local, remote] = [connect(url), connect(url), connect(throughNetwork)];
    await Promise.all([local, remote].map((either) => either.query('select 1')));
    let settled = false;
    let patient: Promise<unknown> = Promise.resolve();
    await holder.transaction(async () => {
      patient = local.query('select 1 as patient').finally(() => (settled = true));
      // It was asked later, with the same bound.
      await errorOf(remote.query('select 2'));
      expect(settled).toBe(false);
    });
    expect(await patient).toEqual([{ patient: 1 }]);
  });
});

async function startEmbedded(): Promise<{ url: string; throughNetwork: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-test-'));
  const socketPath = join(folder, '.s.PGSQL.5432');
  const snapshotPath = inject('databaseTemplates').empty;
  const thread = await startPostgresThread({ storage: { kind: 'memory', snapshotPath }, socketPath });
  const network = await startPostgresProxy(socketUrl(socketPath));
  closers.push(
    () => rm(folder, { recursive: true }),
    () => thread.close(),
    () => network.close(),
  );
  return { url: socketUrl(socketPath), throughNetwork: network.url };
}

describe('closing', () => {
  it('waits for a session no longer than for another statement', async () => {
    blackHoleAt('patient');
    const patient = errorOf(database.session((session) => session.query('select 1 as patient')));
    await seen('select 1 as patient');
    await database.close();
    expect((await patient).message).toBe(LOST);
  });

  it('does not wait for the goodbye of a server that has vanished', async () => {
    const client = new ImpatientClient({ connectionString: proxy.url });
    await client.connect();
    proxy.setNetwork('black hole');
    await client.end();
  });
});
