import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { uptime } from 'node:os';
import { join } from 'node:path';
import type { Close } from '../types.js';

/** Who holds a data folder, as its lock file says. */
export interface LockHolder {
  pid: number;
  /** Tells this process from a later one with the same pid; null where the system does not say. */
  processIdentity: string | null;
  /** Milliseconds since 1970. */
  lockedAt: number;
  /** The Unix socket that the holder serves, once it is ready. */
  socketPath: string;
}

export type LockResult = { isOurs: true; release: Close } | { isOurs: false; holder: LockHolder };

const LOCK_FILE = 'lookalike.lock';

/** Tries of taking a lock while others take and leave it at the same time. */
const MAX_ATTEMPTS = 20;

/**
 * Takes the lock of a data folder, or says who has it. A lock whose process is dead is taken over.
 *
 * The file appears with its whole content at once (a hard link to a finished file), so that nobody reads half of it.
 */
export async function lockDataDir(dataDir: string, socketPath: string): Promise<LockResult> {
  const path = join(dataDir, LOCK_FILE);
  const own = { pid: process.pid, processIdentity: await identityOf(process.pid), lockedAt: Date.now(), socketPath };
  const content = JSON.stringify(own);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    if (await linkNew(path, content)) return { isOurs: true, release: () => removeIfSame(path, content) };
    const found = await readFile(path, 'utf8').catch(() => null);
    if (found === null) continue;
    const holder = parseHolder(found);
    if (holder !== null && (await isAlive(holder))) return { isOurs: false, holder };
    await removeIfSame(path, found);
  }
  throw new Error('The lock of the data folder changes hands too fast to take it.');
}

/** Whether the process that wrote the lock still runs, or something answers on its socket (from another container). */
export async function isAlive(holder: LockHolder): Promise<boolean> {
  return (await isSameProcess(holder)) || (await answers(holder.socketPath));
}

async function isSameProcess(holder: LockHolder): Promise<boolean> {
  if (holder.processIdentity !== null) return holder.processIdentity === (await identityOf(holder.pid));
  const bootedAt = Date.now() - uptime() * 1000;
  return holder.lockedAt > bootedAt && pidExists(holder.pid);
}

/** Linux: the boot and the clock tick at which the process began (`man proc_pid_stat`, field 22). Elsewhere null. */
async function identityOf(pid: number): Promise<string | null> {
  try {
    const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets, which may hold blanks and brackets itself.
    const startTime = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${bootId.trim()}/${startTime ?? ''}`;
  } catch {
    return null;
  }
}

function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user exists all the same.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Whether anything listens on a Unix socket. */
export function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const settle = (isAnswering: boolean): void => {
      socket.destroy();
      resolve(isAnswering);
    };
    socket.once('connect', () => {
      settle(true);
    });
    socket.once('error', () => {
      settle(false);
    });
  });
}

async function linkNew(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, content, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Removes the lock file if it is still the one that was read. It is moved aside first, since two processes may both
 * have found it stale: the slower one would else remove the lock that the faster one took meanwhile.
 */
async function removeIfSame(path: string, content: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const moved = await readFile(aside, 'utf8').catch(() => content);
  if (moved !== content) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

function parseHolder(content: string): LockHolder | null {
  try {
    const value = JSON.parse(content) as Partial<LockHolder>;
    if (typeof value.pid !== 'number' || typeof value.socketPath !== 'string') return null;
    return {
      pid: value.pid,
      processIdentity: value.processIdentity ?? null,
      lockedAt: value.lockedAt ?? 0,
      socketPath: value.socketPath,
    };
  } catch {
    return null;
  }
}
