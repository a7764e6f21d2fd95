import type { Closers } from './closers.js';
import type { Config } from './config.js';
import { makeDatabase, type Database } from './db/database.js';
import { openEmbeddedPostgres } from './db/embedded-postgres.js';
import { AppError } from './errors.js';
import type { Log } from './log.js';
import { READ_ONLY_SESSION } from './services/catalog/catalog.js';
import { vectorSessionSettings } from './services/vector/session-settings.js';
import { isUpToDate, upgradeVectorDatabase } from './upgrade-vector-database.js';

export interface DatabaseOptions {
  config: Config;
  log: Log;
  /** What to do where another process has the data folder. */
  whenLocked: 'fail' | 'join';
  /** Breaks off what takes long. */
  givenUp?: AbortSignal | undefined;
}

/** The vector database, up to date. */
export interface VectorDatabase {
  database: Database;
  url: string;
  engine: 'embedded' | 'server';
}

export interface Databases {
  vector: VectorDatabase;
  catalogue: Database;
}

/**
 * Opens the vector database alone, and brings it up to date where that is allowed. What it acquires is pushed on `closers`.
 *
 * @throws AppError with one sentence where it can't be had, or is not up to date.
 */
export async function openVectorDatabase(options: DatabaseOptions, closers: Closers): Promise<VectorDatabase> {
  const { config, log } = options;
  const { url, engine } = await addressOf(options, closers);
  const onConnect = vectorSessionSettings({ ...config.vector, engine });
  const database = makeDatabase({ url, name: 'vector', maxConnections: config.databasePoolSize, log, onConnect });
  closers.push('vector database', () => database.close());
  await bringUpToDate(database, { url, log, isAllowed: engine === 'embedded' || config.migrateOnStart });
  return { database, url, engine };
}

/**
 * Opens both databases. What it acquires is pushed on `closers`.
 *
 * @throws AppError as {@link openVectorDatabase} does.
 */
export async function openDatabases(options: DatabaseOptions, closers: Closers): Promise<Databases> {
  const { config, log } = options;
  const vector = await openVectorDatabase(options, closers);
  // The demo's catalogue is in the embedded Postgres, which has one session for all, and is filled in through it.
  const isDemo = config.catalogDatabaseUrl === null;
  const catalogue = makeDatabase({
    url: config.catalogDatabaseUrl ?? vector.url,
    name: 'catalogue',
    maxConnections: config.databasePoolSize,
    log,
    ...(!isDemo && { onConnect: READ_ONLY_SESSION }),
  });
  closers.push('catalogue database', () => catalogue.close());
  return { vector, catalogue };
}

async function addressOf(
  { config, log, whenLocked, givenUp }: DatabaseOptions,
  closers: Closers,
): Promise<Pick<VectorDatabase, 'url' | 'engine'>> {
  if (config.vectorDatabaseUrl !== null) return { url: config.vectorDatabaseUrl, engine: 'server' };
  const embedded = await openEmbeddedPostgres({ dataDir: config.dataDir, log, whenLocked, givenUp });
  closers.push('embedded Postgres', () => embedded.close());
  return { url: embedded.url, engine: 'embedded' };
}

async function bringUpToDate(
  vector: Database,
  { url, log, isAllowed }: { url: string; log: Log; isAllowed: boolean },
): Promise<void> {
  if (await isUpToDate(vector)) return;
  if (!isAllowed) {
    throw new AppError(
      'SERVICE_UNAVAILABLE',
      'The vector database is not up to date: run `lookalike migrate`, or set MIGRATE_ON_START=true.',
      { logLevel: 'error' },
    );
  }
  await upgradeVectorDatabase({ url, log });
}
