import type { Log } from '../log.js';
import type { ModelIdentity } from '../types.js';
import type { BackfillService } from './backfill.js';
import { estimateBackfill, type EstimateParts } from './backfill-estimate.js';

export interface CatalogSyncOptions extends EstimateParts {
  model: ModelIdentity;
  backfills: BackfillService;
  log: Log;
}

/** Keeps the embeddings in step with the catalogue, where nobody starts backfills by hand. */
export class CatalogSync {
  constructor(private readonly options: CatalogSyncOptions) {}

  /**
   * Compares catalogue and embeddings, and starts a backfill where one would have something to do and none is active. An empty
   * catalogue is taken for a mistake, as the backfill does.
   *
   * @throws The signal's reason once it is aborted.
   */
  async look(signal: AbortSignal): Promise<void> {
    const { model, embeddings, backfills, log } = this.options;
    const request = { scope: 'MISSING', productIds: null } as const;
    const found = await estimateBackfill(this.options, { model: model.name, ...request }, signal);
    const { total, toEmbed, toRelink, stored } = found;
    const left = Math.max(0, (await embeddings.countRows(model)) - stored);
    if (total === 0 || toEmbed + toRelink + left === 0) return;
    const start = await backfills.start({ model: model.name, ...request });
    if (start.kind !== 'started') return;
    log.info({ backfillId: start.run.id, toEmbed, toRelink, left }, 'the catalogue has changed; started a backfill');
  }
}
