import { chmod, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ServiceUnavailableError } from '../errors.js';

/** PGlite 0.5 is Postgres 18; the files of another major version can't be opened. */
const POSTGRES_MAJOR = '18';

/** Name that clients look for in the folder that they are given as host. */
const SOCKET_NAME = '.s.PGSQL.5432';

/** `sockaddr_un` holds 104 bytes on macOS and 108 on Linux, the zero at the end included. */
const MAX_SOCKET_PATH_BYTES = 103;

const UNFINISHED = 'postgres.new-';

/** Makes the data folder where it is missing. @throws ServiceUnavailableError when it can't be used. */
export async function makeDataDir(dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true }).catch((error: unknown) => {
    throw translateFolderError(error);
  });
}

/**
 * Says where the socket goes: into `run`, beside the database's own files and never among them, where PGlite's dump
 * would trip over it. Where that path is too long for the system, into a new folder of the system's temporary one.
 */
export async function chooseSocketPath(dataDir: string): Promise<string> {
  const runDir = join(dataDir, 'run');
  const path = join(runDir, SOCKET_NAME);
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH_BYTES) {
    return join(await mkdtemp(join(tmpdir(), 'lookalike-')), SOCKET_NAME);
  }
  await mkdir(runDir, { recursive: true });
  await chmod(runDir, 0o700);
  return path;
}

/**
 * Address of the database that a Unix socket leads to. The user and the database are those that PGlite makes; who may
 * connect is decided by the folder's mode. `localhost` only makes it a valid URL: `host` counts.
 */
export function socketUrl(socketPath: string): string {
  return `postgresql://postgres@localhost/postgres?host=${encodeURIComponent(dirname(socketPath))}`;
}

/** Removes the socket that a killed process left behind, and a folder that was made for it alone. */
export async function removeSocket(dataDir: string, socketPath: string): Promise<void> {
  await rm(socketPath, { force: true });
  const folder = dirname(socketPath);
  if (folder !== join(dataDir, 'run')) await rm(folder, { recursive: true, force: true });
}

export function databaseFolder(dataDir: string): string {
  return join(dataDir, 'postgres');
}

/** Where a new database is made before it gets its name: one whose making was cut short never opens. */
export function unfinishedFolder(dataDir: string): string {
  return join(dataDir, `${UNFINISHED}${process.pid}`);
}

export async function removeUnfinishedFolders(dataDir: string): Promise<void> {
  const names = (await readdir(dataDir)).filter((name) => name.startsWith(UNFINISHED));
  await Promise.all(names.map((name) => rm(join(dataDir, name), { recursive: true, force: true })));
}

/**
 * Whether the folder holds a database.
 *
 * @throws ServiceUnavailableError when it is one that this version can't open.
 */
export async function hasDatabase(dataDir: string): Promise<boolean> {
  const version = await readFile(join(databaseFolder(dataDir), 'PG_VERSION'), 'utf8').catch(() => null);
  if (version === null) return false;
  if (version.trim() === POSTGRES_MAJOR) return true;
  throw new ServiceUnavailableError(
    `The data folder holds a database of Postgres ${version.trim()}, and this version of Lookalike opens those of Postgres ${POSTGRES_MAJOR}. ` +
      'Run the version that made it, or set DATA_DIR to a new folder and embed again.',
    { logLevel: 'error' },
  );
}

/** What the system says when a folder can't be used; anything else comes back as it is. */
export function translateFolderError(error: unknown): unknown {
  const sentence = folderSentence(error instanceof Error && 'code' in error ? error.code : null);
  if (sentence === null) return error;
  return new ServiceUnavailableError(sentence, { cause: error, logLevel: 'error' });
}

function folderSentence(code: unknown): string | null {
  switch (code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return "The data folder can't be made, for a file is in its place. Remove the file, or set DATA_DIR to another folder.";
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `The data folder can't be written (${code}). Give this user the right to write it, or set DATA_DIR to another folder.`;
    case 'ENOSPC':
    case 'EDQUOT':
      return `The disk of the data folder is full (${code}). Free some space, or set DATA_DIR to a folder on another disk.`;
    default:
      return null;
  }
}
