import { rename, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError, ServiceUnavailableError } from '../errors.js';
import type { Log } from '../log.js';
import type { Close } from '../types.js';
import {
  chooseSocketPath,
  databaseFolder,
  hasDatabase,
  makeDataDir,
  removeSocket,
  removeUnfinishedFolders,
  socketUrl,
  translateFolderError,
  unfinishedFolder,
} from './data-dir.js';
import { answers, isAlive, lockDataDir, type LockHolder } from './data-dir-lock.js';
import { startPostgresThread, type PostgresThread } from './postgres-thread.js';

export interface EmbeddedPostgresOptions {
  /** Made when missing. The database is in its folder `postgres`, the socket in `run`. */
  dataDir: string;
  log: Log;
  /** What to do when a live process has the folder: refuse (the default), or use the database that it serves. */
  whenLocked?: 'fail' | 'join';
  /** Breaks the making of a new database off. */
  givenUp?: AbortSignal | undefined;
}

export interface EmbeddedPostgres {
  /** Address for `makeDatabase`. */
  url: string;
  /** False where another process serves the database. */
  ownsServer: boolean;
  /** Stops the database where this process serves it. Safe to call twice. */
  close: Close;
}

/** Time that a live process gets to finish its first start before joining it is given up. */
const JOIN_TIMEOUT_MS = 60_000;
const JOIN_RETRY_MS = 100;

/**
 * Opens the Postgres with pgvector that runs inside this process, for those who have no database server.
 *
 * PGlite opens a folder twice without complaint and destroys it so; hence the lock. It turns fsync off: a process that
 * is killed loses nothing that was acknowledged, a power cut may.
 *
 * @throws AppError `CONFLICT` when another live process has the folder and `whenLocked` is `fail`.
 * @throws ServiceUnavailableError when the folder can't be used, or its database can't be opened.
 */
export async function openEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir } = options;
  await makeDataDir(dataDir);
  try {
    const socketPath = await chooseSocketPath(dataDir);
    const lock = await lockDataDir(dataDir, socketPath);
    if (lock.isOurs) return await serve(options, { socketPath, release: lock.release });
    if (socketPath !== lock.holder.socketPath) await removeSocket(dataDir, socketPath);
    if (options.whenLocked !== 'join') throw folderInUse(lock.holder);
    // Null where the holder died meanwhile: then the folder can be had.
    return (await joinServer(lock.holder)) ?? (await openEmbeddedPostgres(options));
  } catch (error) {
    throw translateFolderError(error);
  }
}

interface HeldFolder {
  socketPath: string;
  release: Close;
}

async function serve(options: EmbeddedPostgresOptions, held: HeldFolder): Promise<EmbeddedPostgres> {
  try {
    await removeUnfinishedFolders(options.dataDir);
    if (!(await hasDatabase(options.dataDir))) await createDatabase(options);
    const thread = await startOnSocket(options.dataDir, held.socketPath);
    return servedBy(thread, held, options);
  } catch (error) {
    await held.release();
    throw error;
  }
}

/** Makes the database in a folder of another name first, so that a kill in between leaves nothing behind that is broken. */
async function createDatabase({ dataDir, log, givenUp }: EmbeddedPostgresOptions): Promise<void> {
  log.info('making the embedded database: this takes some seconds, once');
  const path = unfinishedFolder(dataDir);
  const storage = { kind: 'folder', path } as const;
  const thread = await startPostgresThread({ storage, socketPath: null }, givenUp);
  await thread.close();
  await rename(path, databaseFolder(dataDir));
}

async function startOnSocket(dataDir: string, socketPath: string): Promise<PostgresThread> {
  await rm(socketPath, { force: true });
  const storage = { kind: 'folder', path: databaseFolder(dataDir) } as const;
  return startPostgresThread({ storage, socketPath }).catch((error: unknown) => {
    throw new ServiceUnavailableError(
      'The embedded database in the data folder can\'t be opened. Restore the folder from a backup, or remove its folder "postgres" and embed again.',
      { cause: error, logLevel: 'error' },
    );
  });
}

function servedBy(thread: PostgresThread, held: HeldFolder, options: EmbeddedPostgresOptions): EmbeddedPostgres {
  const released = thread.ended.then(async (error) => {
    if (error !== null) options.log.error({ err: error }, 'the embedded database stopped by itself; restart Lookalike');
    await removeSocket(options.dataDir, held.socketPath);
    await held.release();
  });
  const close = async (): Promise<void> => {
    await thread.close();
    await released;
  };
  return { url: socketUrl(held.socketPath), ownsServer: true, close };
}

async function joinServer(holder: LockHolder): Promise<EmbeddedPostgres | null> {
  const deadline = Date.now() + JOIN_TIMEOUT_MS;
  while (!(await answers(holder.socketPath))) {
    if (!(await isAlive(holder))) return null;
    if (Date.now() > deadline) throw notServing(holder);
    await delay(JOIN_RETRY_MS);
  }
  return { url: socketUrl(holder.socketPath), ownsServer: false, close: () => Promise.resolve() };
}

function folderInUse({ pid }: LockHolder): AppError {
  return new AppError(
    'CONFLICT',
    `Another Lookalike process (pid ${pid}) is using the data folder. Stop it, or set DATA_DIR to another folder.`,
    { logLevel: 'error' },
  );
}

function notServing({ pid }: LockHolder): AppError {
  return new ServiceUnavailableError(
    `The Lookalike process that has the data folder (pid ${pid}) does not serve its database. Stop it and try again.`,
  );
}
