import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import type { TestProject } from 'vitest/node';
import { makeDatabase } from '../../src/db/database.js';
import { socketUrl } from '../../src/db/data-dir.js';
import { upgradeVectorDatabase } from '../../src/upgrade-vector-database.js';
import { startSingleSessionServer } from '../../src/db/single-session-server.js';
import { silentLog } from './silent-log.js';

/** Files that a database can be filled from in a second, where making one takes five. */
export interface DatabaseTemplates {
  /** A new database with nothing in it, not even pgvector. */
  empty: string;
  /** The same after all migrations. */
  migrated: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    databaseTemplates: DatabaseTemplates;
    /** What the names of this run's databases on a server begin with. */
    databasePrefix: string;
  }
}

const DATABASE_PREFIX = `lookalike_test_${process.pid}_`;

/** Vitest loads this module once for each project that names it; the templates are made once for all of them. */
const shared = globalThis as { lookalikeTemplates?: Promise<DatabaseTemplates> };

export async function setup(project: TestProject): Promise<void> {
  project.provide('databasePrefix', DATABASE_PREFIX);
  shared.lookalikeTemplates ??= makeTemplates();
  project.provide('databaseTemplates', await shared.lookalikeTemplates);
}

/** Drops what this run's tests have left on a server. */
export async function teardown(): Promise<void> {
  const url = process.env.TEST_DATABASE_URL;
  if (url === undefined) return;
  const server = makeDatabase({ url, name: 'vector', maxConnections: 1, log: silentLog });
  const left = await server.query<{ name: string }>(
    `select datname as name from pg_database where starts_with(datname, $1::text)`,
    [DATABASE_PREFIX],
  );
  for (const { name } of left) await server.query(`drop database ${name} with (force)`);
  await server.close();
}

async function makeTemplates(): Promise<DatabaseTemplates> {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-template-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const postgres = await PGlite.create({ extensions: { vector } });
  const templates = { empty: join(folder, 'empty.tar'), migrated: join(folder, 'migrated.tar') };
  await dump(postgres, templates.empty);
  await migrateThroughSocket(postgres, folder);
  await dump(postgres, templates.migrated);
  await postgres.close();
  return templates;
}

async function dump(postgres: PGlite, path: string): Promise<void> {
  const file = await postgres.dumpDataDir('none');
  await writeFile(path, Buffer.from(await file.arrayBuffer()));
}

async function migrateThroughSocket(postgres: PGlite, folder: string): Promise<void> {
  const socketPath = join(folder, '.s.PGSQL.5432');
  const server = await startSingleSessionServer({
    session: {
      send: (message, onRawData) => postgres.execProtocolRawStream(message, { onRawData }),
      isInTransaction: () => postgres.isInTransaction(),
    },
    socketPath,
    idleInTransactionMs: 60_000,
    onFatal: (error) => {
      throw error;
    },
  });
  await upgradeVectorDatabase({
    url: socketUrl(socketPath),
    log: silentLog,
  });
  await server.close();
}
