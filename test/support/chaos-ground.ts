import type { Close } from '../../src/types.js';
import { bundleChaosWorker } from './chaos-bundle.js';
import { ChaosShop } from './chaos-shop.js';
import { ChaosWorkerPool } from './chaos-worker-process.js';
import type { DatabaseTemplates } from './database-template.js';

/** What scenarios are played with, one at a time. */
export interface Ground {
  shop: ChaosShop;
  pool: ChaosWorkerPool;
}

/** Processes that are at hand before they are needed. */
const SPARE = 2;

/** A ground of its own. */
export async function startGround(templates: DatabaseTemplates): Promise<Ground & { close: Close }> {
  const { program, remove } = await bundleChaosWorker();
  const pool = new ChaosWorkerPool(program, SPARE);
  const shop = await ChaosShop.start(templates);
  const close = async (): Promise<void> => {
    await pool.close();
    remove();
    await shop.close();
  };
  return { shop, pool, close };
}
