import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDatabase } from '../src/db/database.js';
import { openEmbeddedPostgres } from '../src/db/embedded-postgres.js';
import type { Close } from '../src/types.js';
import { silentLog } from '../test/support/silent-log.js';

export interface BenchDatabase {
  url: string;
  engine: 'embedded' | 'server';
  stop: Close;
}

/**
 * A new database on the server that TEST_DATABASE_URL names, or an embedded one.
 *
 * @param folder - where an embedded one is kept for another run; null for one that goes when the bench ends.
 */
export async function serveBenchDatabase(folder: string | null): Promise<BenchDatabase> {
  const serverUrl = process.env.TEST_DATABASE_URL;
  if (serverUrl !== undefined) return createOnServer(serverUrl);
  const dataDir = folder ?? (await mkdtemp(join(tmpdir(), 'lookalike-bench-')));
  const embedded = await openEmbeddedPostgres({ dataDir, log: silentLog });
  const stop = async () => {
    await embedded.close();
    if (folder === null) await rm(dataDir, { recursive: true, force: true });
  };
  return { url: embedded.url, engine: 'embedded', stop };
}

async function createOnServer(serverUrl: string): Promise<BenchDatabase> {
  const name = `lookalike_bench_${randomUUID().replaceAll('-', '')}`;
  const server = makeDatabase({ url: serverUrl, name: 'vector', maxConnections: 1, log: silentLog });
  await server.query(`create database ${name}`).catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const stop = async () => {
    await server.query(`drop database ${name} with (force)`);
    await server.close();
  };
  return { url: url.href, engine: 'server', stop };
}
