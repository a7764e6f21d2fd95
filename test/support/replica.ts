import { startApp, type App, type AppOverrides } from '../../src/app.js';
import { makeDeterministicEncoder } from './deterministic-encoder.js';
import { silentLog } from './silent-log.js';
import { makeClient, type Client, type TestShop } from './test-shop.js';

/** Another server on the databases of a shop. */
export interface Replica extends Client {
  app: App;
}

export interface ReplicaOptions extends AppOverrides {
  /** As many as the shop's own server by default. */
  workers?: number;
}

/** Starts another server on the databases of a shop. It is to be closed before the shop is. */
export async function startReplica(
  { config }: TestShop,
  { workers = config.backfill.workers, ...overrides }: ReplicaOptions = {},
): Promise<Replica> {
  const app = await startApp(
    { ...config, backfill: { ...config.backfill, workers } },
    { encoder: makeDeterministicEncoder(), log: silentLog, ...overrides },
  );
  return { app, ...makeClient({ app }) };
}
