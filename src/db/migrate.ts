import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { AppError, ServiceUnavailableError } from '../errors.js';
import type { Log } from '../log.js';
import { projectRoot } from '../paths.js';
import type { Queryable } from './database.js';
import { translateConnectError, translateQueryError } from './database-errors.js';

const MIGRATIONS_DIR = join(projectRoot, 'migrations');
/** A name of our own: `schema_migrations` is what half the frameworks call theirs, in the same database perhaps. */
const MIGRATIONS_TABLE = 'lookalike_migrations';

/** Any number that nothing else in the vector database locks; `look` in ASCII. */
const MIGRATION_LOCK = 0x6c6f6f6b;

/** Iterative index scans came with pgvector 0.8; without them a filtered search may find less than there is. */
const PGVECTOR_MINIMUM = [0, 8] as const;

export interface MigrateOptions {
  /** Address of the vector database. */
  url: string;
  log: Log;
}

/**
 * Brings the vector database up to date: every file of `migrations/` that it has not seen runs, in the order of the
 * numbers they begin with, all in one transaction. Two processes at once are safe: the second waits, and finds nothing to do.
 *
 * @returns the names of the files that ran, without their extension.
 * @throws AppError CONFLICT when there is a table of the same name that is somebody else's.
 * @throws ServiceUnavailableError when the database can't be reached, has no usable pgvector, or refuses the rights.
 */
export async function migrate({ url, log }: MigrateOptions): Promise<string[]> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    application_name: 'lookalike',
  });
  // A lost connection also fails the statement that runs, and that is where it is reported.
  client.on('error', () => undefined);
  await client.connect().catch((error: unknown) => {
    throw translateConnectError(error, 'vector');
  });
  try {
    return await migrateInTransaction(client, log);
  } catch (error) {
    throw error instanceof pg.DatabaseError ? translateQueryError(error, 'vector') : error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The files of `migrations/` that the database has not seen. Empty when it is up to date. */
export async function pendingMigrations(database: Queryable): Promise<string[]> {
  const [files, done] = await Promise.all([migrationNames(), appliedMigrations(database)]);
  return files.filter((name) => !done.has(name));
}

/**
 * The lock and the list of what ran are taken inside the transaction that the runner then works in and commits (its own
 * `begin` changes nothing there): on the embedded Postgres, whose connections share a session and so its locks, an open
 * transaction is what keeps the others out.
 */
async function migrateInTransaction(client: pg.Client, log: Log): Promise<string[]> {
  await client.query('begin');
  await client.query('select pg_advisory_xact_lock($1::bigint)', [MIGRATION_LOCK]);
  await ensurePgvector(client);
  await refuseForeignTable(client);
  const applied = await runner({
    dbClient: client,
    dir: MIGRATIONS_DIR,
    migrationsTable: MIGRATIONS_TABLE,
    direction: 'up',
    singleTransaction: true,
    noLock: true,
    logger: quietLogger(log),
  });
  await client.query('commit');
  const names = applied.map(({ name }) => name);
  if (names.length > 0) log.info({ migrations: names }, 'migrated the vector database');
  return names;
}

/** The scripts that Lookalike replaces made a table of the same name. It is the shop's to keep or to drop. */
async function refuseForeignTable(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ isForeign: boolean }>(
    `select to_regclass('public.image_embeddings') is not null
        and to_regclass('public.${MIGRATIONS_TABLE}') is null as "isForeign"`,
  );
  if (rows[0]?.isForeign !== true) return;
  throw new AppError(
    'CONFLICT',
    'The vector database has a table image_embeddings that is not of Lookalike: rename it (alter table image_embeddings ' +
      'rename to image_embeddings_old) or set VECTOR_DATABASE_URL to another database, then migrate again.',
    { logLevel: 'error' },
  );
}

async function ensurePgvector(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ installed: string | null }>(
    `select installed_version as installed from pg_available_extensions where name = 'vector'`,
  );
  if (rows[0] === undefined) throw pgvectorMissing();
  const installed = rows[0].installed ?? (await createPgvector(client));
  if (!isRecent(installed)) throw pgvectorTooOld(installed);
}

async function createPgvector(client: pg.Client): Promise<string> {
  await client.query('create extension vector').catch((error: unknown) => {
    if (error instanceof pg.DatabaseError && error.code === '42501') throw pgvectorForbidden(error);
    throw error;
  });
  const { rows } = await client.query<{ version: string }>(
    `select extversion as version from pg_extension where extname = 'vector'`,
  );
  return rows[0]?.version ?? '';
}

function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor] = PGVECTOR_MINIMUM;
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

async function migrationNames(): Promise<string[]> {
  const files = await readdir(MIGRATIONS_DIR);
  return files
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -'.sql'.length))
    .sort();
}

async function appliedMigrations(database: Queryable): Promise<Set<string>> {
  const tables = await database.query(`select 1 where to_regclass('public.${MIGRATIONS_TABLE}') is not null`);
  if (tables.length === 0) return new Set();
  const rows = await database.query<{ name: string }>(`select name from public.${MIGRATIONS_TABLE}`);
  return new Set(rows.map(({ name }) => name));
}

function quietLogger(log: Log): { info: LogLine; warn: LogLine; error: LogLine } {
  const line: LogLine = (text) => {
    log.debug({ text }, 'migration');
  };
  return { info: line, warn: line, error: line };
}

type LogLine = (text: string) => void;

function pgvectorMissing(): ServiceUnavailableError {
  return new ServiceUnavailableError(
    'The vector database has no pgvector extension. Install pgvector 0.8 or newer on its server, then migrate again.',
    { logLevel: 'error' },
  );
}

function pgvectorTooOld(version: string): ServiceUnavailableError {
  return new ServiceUnavailableError(
    `The vector database has pgvector ${version}, and 0.8 or newer is needed. Update the extension on its server, then migrate again.`,
    { logLevel: 'error' },
  );
}

function pgvectorForbidden(cause: unknown): ServiceUnavailableError {
  return new ServiceUnavailableError(
    'The user in VECTOR_DATABASE_URL may not add the pgvector extension. Let an administrator of the vector database add the extension "vector", then migrate again.',
    { cause, logLevel: 'error' },
  );
}
