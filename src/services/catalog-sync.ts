import type { Log } from '../log.js';
import type { BackfillService } from './backfill.js';
import { estimateBackfill, type EstimateParts } from './backfill-estimate.js';

export interface CatalogSyncOptions extends EstimateParts {
  backfills: BackfillService;
  log: Log;
}

/** Keeps the embeddings in step with the catalogue, where nobody starts backfills by hand. */
export class CatalogSync {
  constructor(private readonly options: CatalogSyncOptions) {}

  /**
   * Compares the catalogue and a model's embeddings, and starts a backfill where one would have something to do and none is
   * active. An empty catalogue is taken for a mistake, as the backfill does.
   *
   * @param model - its name.
   * @throws The signal's reason once it is aborted.
   */
  async look(model: string, signal: AbortSignal): Promise<void> {
    const { embeddings, backfills, log } = this.options;
    const request = { scope: 'MISSING', productIds: null } as const;
    const found = await estimateBackfill(this.options, { model, ...request }, signal);
    const { total, toEmbed, toRelink, stored } = found;
    const left = Math.max(0, (await embeddings.countRows({ name: model })) - stored);
    if (total === 0 || toEmbed + toRelink + left === 0) return;
    const start = await backfills.start({ model, ...request });
    if (start.kind !== 'started') return;
    log.info(
      { backfillId: start.run.id, model, toEmbed, toRelink, left },
      'the catalogue has changed; started a backfill',
    );
  }
}
