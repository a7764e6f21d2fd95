import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { hostname, uptime } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Close } from '../types.js';

/** Who holds a data folder, as its lock file says. */
export interface LockHolder {
  pid: number;
  /** The machine or container; pids of another one say nothing here. */
  host: string;
  /** Tells this process from a later one with the same pid; null where the system does not say. */
  processIdentity: string | null;
  /** Milliseconds since 1970. */
  lockedAt: number;
  /** The Unix socket that the holder serves, once it is ready. */
  socketPath: string;
}

export type LockResult = { isOurs: true; release: Close } | { isOurs: false; holder: LockHolder };

/** How long a process of another container may take until it answers on its socket. */
const SILENT_START_MS = 60_000;

const LOCK_FILE = 'lookalike.lock';

/** Waits for those who take over the same lock at the same time: each needs a few milliseconds. */
const MAX_ATTEMPTS = 200;
const RETRY_MS = 10;

/** Takes the lock of a data folder, or says who has it. A lock whose process is dead is taken over. */
export async function lockDataDir(dataDir: string, socketPath: string): Promise<LockResult> {
  const path = join(dataDir, LOCK_FILE);
  const processIdentity = await identityOf(process.pid);
  const own = { pid: process.pid, host: hostname(), processIdentity, lockedAt: Date.now(), socketPath };
  const content = JSON.stringify(own);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    if (await linkNew(path, content)) return held(path, content);
    const found = await readFile(path, 'utf8').catch(() => null);
    const holder = found === null ? null : parseHolder(found);
    if (holder !== null && (await isAlive(holder))) return { isOurs: false, holder };
    if (found !== null && (await takeOver(path, { stale: found, content }))) return held(path, content);
    await delay(RETRY_MS);
  }
  throw new Error('The lock of the data folder changes hands too fast to take it.');
}

function held(path: string, content: string): LockResult {
  return { isOurs: true, release: () => removeIfSame(path, content) };
}

/**
 * Replaces the lock of a dead process by our own. Of several that have found it dead only one may do so, or the slower
 * would replace the new lock of the faster: whoever has the claim file looks again and then replaces it in one step.
 */
async function takeOver(path: string, { stale, content }: { stale: string; content: string }): Promise<boolean> {
  const claim = `${path}.claim`;
  if (!(await linkNew(claim, content))) {
    await removeDeadClaim(claim);
    return false;
  }
  try {
    if ((await readFile(path, 'utf8').catch(() => null)) !== stale) return false;
    await replace(path, content);
    return true;
  } finally {
    await rm(claim, { force: true });
  }
}

/** A claim lives for milliseconds, so only a kill just then leaves one behind. */
async function removeDeadClaim(claim: string): Promise<void> {
  const found = await readFile(claim, 'utf8').catch(() => null);
  if (found === null) return;
  const holder = parseHolder(found);
  if (holder === null || !(await isSameProcess(holder))) await rm(claim, { force: true });
}

/** Whether the process that wrote the lock still runs, or something answers on its socket (from another container). */
export async function isAlive(holder: LockHolder): Promise<boolean> {
  if (await answers(holder.socketPath)) return true;
  // What can't be looked at from here gets the time of a first start before its silence counts.
  if (holder.host !== hostname()) return Date.now() - holder.lockedAt < SILENT_START_MS;
  return isSameProcess(holder);
}

async function isSameProcess(holder: LockHolder): Promise<boolean> {
  if (holder.processIdentity !== null) return holder.processIdentity === (await identityOf(holder.pid));
  const bootedAt = Date.now() - uptime() * 1000;
  return holder.lockedAt > bootedAt && pidExists(holder.pid);
}

/** Linux: the boot and the clock tick at which the process began (`man proc_pid_stat`, field 22). Elsewhere, and when dead, null. */
async function identityOf(pid: number): Promise<string | null> {
  try {
    const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets, which may hold blanks and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state = '', startTime = ''] = [fields[0], fields[19]];
    // Dead, and only kept until its parent asks how it ended.
    return /^[ZX]/.test(state) ? null : `${bootId.trim()}/${startTime}`;
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

/** Makes the file with its whole content at once, unless there is one. */
async function linkNew(path: string, content: string): Promise<boolean> {
  const draft = await writeDraft(path, content);
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

async function replace(path: string, content: string): Promise<void> {
  await rename(await writeDraft(path, content), path);
}

async function writeDraft(path: string, content: string): Promise<string> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, content, { mode: 0o600, flag: 'wx' });
  return draft;
}

/** The lock of a live process is its own to remove; one that it has lost by a mistake of the system is not. */
async function removeIfSame(path: string, content: string): Promise<void> {
  const found = await readFile(path, 'utf8').catch(() => null);
  if (found === content) await rm(path, { force: true });
}

function parseHolder(content: string): LockHolder | null {
  try {
    const value = JSON.parse(content) as Partial<LockHolder>;
    if (typeof value.pid !== 'number' || typeof value.socketPath !== 'string') return null;
    return {
      pid: value.pid,
      host: value.host ?? hostname(),
      processIdentity: value.processIdentity ?? null,
      lockedAt: value.lockedAt ?? 0,
      socketPath: value.socketPath,
    };
  } catch {
    return null;
  }
}
