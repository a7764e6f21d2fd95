import type { Closers } from './closers.js';
import { openVectorDatabase, type DatabaseOptions } from './databases.js';
import { BackfillSteering } from './services/backfill-steering.js';
import { makeStores } from './stores.js';

/**
 * Opens what steering and watching backfills needs: the vector database, and neither the catalogue nor the model. What it
 * acquires is pushed on `closers`.
 *
 * @throws AppError with one sentence on what is missing and how to mend it.
 */
export async function openSteering(options: DatabaseOptions, closers: Closers): Promise<BackfillSteering> {
  const { config, log } = options;
  const stores = makeStores(await openVectorDatabase(options, closers), config.vector, log);
  // Workers of other processes find by themselves what there is for them.
  return new BackfillSteering({ ...stores, imageScope: config.backfill.images, wakeWorkers: () => undefined });
}
