import type { Closers } from './closers.js';
import type { Config } from './config.js';
import type { Databases } from './databases.js';
import { makeDatabase, type Database, type DatabaseName } from './db/database.js';
import { AppError } from './errors.js';
import type { Log } from './log.js';
import type { HealthCheck } from './server/observability/health.js';
import type { ServingModel } from './services/serving-model.js';
import { isUpToDate } from './upgrade-vector-database.js';

export interface ReadinessOptions {
  config: Config;
  log: Log;
  databases: Databases;
  /** What has to be loaded; null for a process that answers no searches. */
  serving: ServingModel | null;
}

/** Time for an answer to a check, past which its connection is given up and the next check opens another. */
const ANSWER_TIMEOUT_MS = 2000;

/**
 * What it takes for a process to be ready. The databases are asked over a connection of its own to each, which is opened when
 * it is first needed: a pool that is busy is no reason to send requests elsewhere, and a dead one must not delay the answer.
 */
export function readinessChecks(options: ReadinessOptions, closers: Closers): HealthCheck[] {
  const { config, databases, serving } = options;
  const probe = (name: DatabaseName, url: string): Database => {
    const limits = { maxConnections: 1, statementTimeoutMs: ANSWER_TIMEOUT_MS };
    const database = makeDatabase({ url, name, ...limits, log: options.log.child({}, { level: 'silent' }) });
    closers.push(`checks of the ${name} database`, () => database.close());
    return database;
  };
  const catalogue = probe('catalogue', config.catalogDatabaseUrl ?? databases.vector.url);
  const vector = probe('vector', databases.vector.url);
  return [
    { name: 'catalogue', run: () => answers(catalogue) },
    { name: 'vectorDatabase', run: () => answers(vector) },
    { name: 'migrations', run: () => checkMigrations(vector) },
    ...(serving === null ? [] : [{ name: 'model', run: () => serving.checkWarm() }]),
  ];
}

async function answers(database: Database): Promise<void> {
  await database.query('select 1');
}

async function checkMigrations(vector: Database): Promise<void> {
  if (await isUpToDate(vector)) return;
  throw new AppError('SERVICE_UNAVAILABLE', 'The vector database is not up to date: run `lookalike migrate`.');
}
