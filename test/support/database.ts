import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { socketUrl } from '../../src/db/data-dir.js';
import { makeDatabase, type Database } from '../../src/db/database.js';
import { upgradeVectorDatabase } from '../../src/upgrade-vector-database.js';
import { startPostgresThread } from '../../src/db/postgres-thread.js';
import type { Close } from '../../src/types.js';
import { silentLog } from './silent-log.js';

export interface TestDatabase {
  url: string;
  database: Database;
  close: Close;
}

export interface TestDatabaseOptions {
  name?: 'catalogue' | 'vector';
  maxConnections?: number;
  /** SQL that runs first on each new connection. */
  onConnect?: string;
}

interface Served {
  url: string;
  stop: Close;
}

/**
 * A database of the test file's own, with every migration applied: embedded, or on the server that
 * `TEST_DATABASE_URL` names.
 */
export async function startTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const serverUrl = process.env.TEST_DATABASE_URL;
  if (serverUrl === undefined) return connect(await serveTemplate(inject('databaseTemplates').migrated), options);
  const served = await createOnServer(serverUrl);
  await upgradeVectorDatabase({ url: served.url, log: silentLog });
  return connect(served, options);
}

/** The same without migrations: for a shop's catalogue. */
export async function startEmptyTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const serverUrl = process.env.TEST_DATABASE_URL;
  const served =
    serverUrl === undefined ? await serveTemplate(inject('databaseTemplates').empty) : await createOnServer(serverUrl);
  return connect(served, { name: 'catalogue', ...options });
}

function connect(served: Served, options: TestDatabaseOptions): TestDatabase {
  const { name = 'vector', maxConnections = 5, onConnect } = options;
  const database = makeDatabase({
    url: served.url,
    name,
    maxConnections,
    log: silentLog,
    ...(onConnect !== undefined && { onConnect }),
  });
  const close = async (): Promise<void> => {
    await database.close();
    await served.stop();
  };
  return { url: served.url, database, close };
}

async function serveTemplate(snapshotPath: string): Promise<Served> {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-test-'));
  const socketPath = join(folder, '.s.PGSQL.5432');
  const thread = await startPostgresThread({ storage: { kind: 'memory', snapshotPath }, socketPath });
  const stop = async (): Promise<void> => {
    await thread.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { url: socketUrl(socketPath), stop };
}

async function createOnServer(serverUrl: string): Promise<Served> {
  const name = `${inject('databasePrefix')}${randomUUID().replaceAll('-', '')}`;
  const server = makeDatabase({ url: serverUrl, name: 'vector', maxConnections: 1, log: silentLog });
  await server.query(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const stop = async (): Promise<void> => {
    await server.query(`drop database ${name} with (force)`);
    await server.close();
  };
  return { url: url.href, stop };
}
