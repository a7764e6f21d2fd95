import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { socketUrl } from '../../src/db/data-dir.js';
import { makeDatabase } from '../../src/db/database.js';
import { startPostgresThread } from '../../src/db/postgres-thread.js';
import type { Close } from '../../src/types.js';
import { upgradeVectorDatabase } from '../../src/upgrade-vector-database.js';
import type { DatabaseTemplates } from './database-template.js';
import { silentLog } from './silent-log.js';

/** A database that is there. */
export interface ServedDatabase {
  url: string;
  close: Close;
}

/** The two databases of a shop. The same as in `database.ts`, for those who are not run by vitest too. */
export async function serveDatabases(
  templates: DatabaseTemplates,
): Promise<{ vectors: ServedDatabase; catalogue: ServedDatabase }> {
  const serverUrl = process.env.TEST_DATABASE_URL;
  if (serverUrl === undefined) {
    const [vectors, catalogue] = await Promise.all([serve(templates.migrated), serve(templates.empty)]);
    return { vectors, catalogue };
  }
  const [vectors, catalogue] = await Promise.all([createOnServer(serverUrl), createOnServer(serverUrl)]);
  await upgradeVectorDatabase({ url: vectors.url, log: silentLog });
  return { vectors, catalogue };
}

async function serve(snapshotPath: string): Promise<ServedDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-chaos-'));
  const socketPath = join(folder, '.s.PGSQL.5432');
  const thread = await startPostgresThread({ storage: { kind: 'memory', snapshotPath }, socketPath });
  const close = async (): Promise<void> => {
    await thread.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { url: socketUrl(socketPath), close };
}

async function createOnServer(serverUrl: string): Promise<ServedDatabase> {
  const name = `lookalike_chaos_${randomUUID().replaceAll('-', '')}`;
  const server = makeDatabase({ url: serverUrl, name: 'vector', maxConnections: 1, log: silentLog });
  await server.query(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const close = async (): Promise<void> => {
    await server.query(`drop database ${name} with (force)`);
    await server.close();
  };
  return { url: url.href, close };
}
