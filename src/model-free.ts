import type { Closers } from './closers.js';
import { openCatalog } from './core.js';
import { openDatabases, type DatabaseOptions } from './databases.js';
import { BackfillService } from './services/backfill.js';
import { CoverageService } from './services/coverage.js';
import { EmbeddingModels } from './services/embedding-models.js';
import { configuredModel } from './services/model-room.js';
import { makeModelRoom, makeStores } from './stores.js';

/**
 * Opens what telling needs what a backfill would do: databases and catalogue, and no model. What it acquires is pushed on
 * `closers`.
 *
 * @throws AppError with one sentence on what is missing and how to mend it.
 */
export async function openEstimates(options: DatabaseOptions, closers: Closers): Promise<BackfillService> {
  const { config, log } = options;
  const databases = await openDatabases(options, closers);
  const catalog = await openCatalog(databases, config, log);
  const stores = makeStores(databases.vector, config.vector, log);
  const configured = await configuredModel(config.clip.model, stores.models);
  const inThisProcess = { pool: { loaded: () => null }, onChange: () => undefined };
  const room = makeModelRoom({ config, log, ...stores, configured, ...inThisProcess });
  const imageScope = config.backfill.images;
  return new BackfillService({ configured, room, imageScope, ...stores, catalog, wakeWorkers: () => undefined });
}

/**
 * Opens what it takes to list, switch and drop models: databases and catalogue, and none of the models. What it acquires is
 * pushed on `closers`.
 *
 * @throws AppError with one sentence on what is missing and how to mend it.
 */
export async function openModels(
  options: DatabaseOptions,
  closers: Closers,
): Promise<{ models: EmbeddingModels; coverage: CoverageService }> {
  const { config, log } = options;
  const databases = await openDatabases(options, closers);
  const catalog = await openCatalog(databases, config, log);
  const stores = makeStores(databases.vector, config.vector, log);
  const coverage = new CoverageService({ imageScope: config.backfill.images, catalog, ...stores });
  // Servers find by themselves what has changed.
  return { coverage, models: new EmbeddingModels({ ...stores, coverage, onChange: () => undefined }) };
}
