import type { Config } from '../config.js';
import { openEmbeddedPostgres } from '../db/embedded-postgres.js';
import { makeLog } from '../log.js';
import { upgradeVectorDatabase } from '../upgrade-vector-database.js';

/** `lookalike migrate`: brings the vector database up to date and says what it did. */
export async function migrateCommand(config: Config): Promise<void> {
  const log = makeLog(config.log);
  if (config.vectorDatabaseUrl !== null) {
    report(await upgradeVectorDatabase({ url: config.vectorDatabaseUrl, log }));
    return;
  }
  const embedded = await openEmbeddedPostgres({ dataDir: config.dataDir, log, whenLocked: 'join' });
  try {
    report(await upgradeVectorDatabase({ url: embedded.url, log }));
  } finally {
    await embedded.close();
  }
}

function report(applied: readonly string[]): void {
  if (applied.length === 0) console.log('The vector database is up to date.');
  for (const name of applied) console.log(`applied ${name}`);
}
