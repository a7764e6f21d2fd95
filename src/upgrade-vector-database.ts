import { makeDatabase, type Database } from './db/database.js';
import { migrate, pendingMigrations } from './db/migrate.js';
import { JobQueue } from './jobs/queue.js';
import type { Log } from './log.js';

/** Whether the vector database has all tables as this version wants them: its own and those of the job queue. */
export async function isUpToDate(vector: Database): Promise<boolean> {
  const pending = await pendingMigrations(vector);
  return pending.length === 0 && (await new JobQueue(vector).isInstalled());
}

/**
 * Brings the vector database up to date: our migrations, and the tables of the job queue.
 *
 * @param options.url - address of the vector database.
 * @returns What was done, by name; empty where it was up to date.
 * @throws As `migrate` does.
 */
export async function upgradeVectorDatabase({ url, log }: { url: string; log: Log }): Promise<string[]> {
  const applied = await migrate({ url, log });
  const vector = makeDatabase({ url, name: 'vector', maxConnections: 1, log });
  try {
    const queue = new JobQueue(vector);
    if (await queue.isInstalled()) return applied;
    await queue.install();
    return [...applied, 'job-queue'];
  } finally {
    await vector.close();
  }
}
