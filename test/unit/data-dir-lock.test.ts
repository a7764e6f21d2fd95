import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDataDir } from '../../src/db/data-dir-lock.js';

let dataDir: string;
let lockFile: string;
let socketPath: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'lookalike-test-'));
  lockFile = join(dataDir, 'lookalike.lock');
  socketPath = join(dataDir, 'socket');
});
afterEach(() => rm(dataDir, { recursive: true }));

/** No system gives out so large a pid. */
const NO_PID = 2 ** 30;

async function writeLock(content: object): Promise<void> {
  await writeFile(
    lockFile,
    JSON.stringify({ pid: NO_PID, processIdentity: null, lockedAt: 0, socketPath, ...content }),
  );
}

describe('the lock of a data folder', () => {
  it('belongs to the first, says who that is, and is free after its release', async () => {
    const first = await lockDataDir(dataDir, socketPath);
    const second = await lockDataDir(dataDir, socketPath);
    expect(first.isOurs).toBe(true);
    expect(second).toMatchObject({ isOurs: false, holder: { pid: process.pid, socketPath } });
    if (first.isOurs) await first.release();
    expect((await lockDataDir(dataDir, socketPath)).isOurs).toBe(true);
  });

  it('belongs to one of many that want it at once, also when it has to be taken from a dead process', async () => {
    await writeLock({});
    const results = await Promise.all(Array.from({ length: 12 }, () => lockDataDir(dataDir, socketPath)));
    expect(results.filter(({ isOurs }) => isOurs)).toHaveLength(1);
    expect(await readdir(dataDir)).toEqual(['lookalike.lock']);
  });

  it('is taken over from a process that is dead', async () => {
    await writeLock({ processIdentity: 'of/old' });
    expect((await lockDataDir(dataDir, socketPath)).isOurs).toBe(true);
    expect(JSON.parse(await readFile(lockFile, 'utf8'))).toMatchObject({ pid: process.pid });
  });

  it('is taken over when a later process has the same pid', async () => {
    await writeLock({ pid: process.pid, processIdentity: 'of/old', lockedAt: Date.now() });
    expect((await lockDataDir(dataDir, socketPath)).isOurs).toBe(true);
  });

  it('is taken over when it was written before the system started, where processes have no identity', async () => {
    await writeLock({ pid: process.pid, lockedAt: 0 });
    expect((await lockDataDir(dataDir, socketPath)).isOurs).toBe(true);
  });

  it('is respected where processes have no identity and the pid is alive', async () => {
    await writeLock({ pid: process.pid, lockedAt: Date.now() });
    expect((await lockDataDir(dataDir, socketPath)).isOurs).toBe(false);
  });

  it('is respected for the time of a start where another container took it, and no longer', async () => {
    await writeLock({ host: 'another-container', lockedAt: Date.now() - 5_000 });
    expect((await lockDataDir(dataDir, socketPath)).isOurs).toBe(false);
    await writeLock({ host: 'another-container', lockedAt: Date.now() - 120_000 });
    expect((await lockDataDir(dataDir, socketPath)).isOurs).toBe(true);
  });

  it('is respected when the process can not be seen but its socket answers, as from another container', async () => {
    const server = createServer().listen(socketPath);
    await once(server, 'listening');
    await writeLock({});
    expect((await lockDataDir(dataDir, socketPath)).isOurs).toBe(false);
    server.close();
  });

  it('is taken over when its file is damaged', async () => {
    await writeFile(lockFile, '{"pid":');
    expect((await lockDataDir(dataDir, socketPath)).isOurs).toBe(true);
  });

  it('is not released by one that has lost it', async () => {
    const first = await lockDataDir(dataDir, socketPath);
    await writeLock({ pid: process.ppid });
    if (first.isOurs) await first.release();
    expect(JSON.parse(await readFile(lockFile, 'utf8'))).toMatchObject({ pid: process.ppid });
  });
});
