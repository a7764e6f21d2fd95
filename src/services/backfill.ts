import type { ImageScope, ModelIdentity } from '../types.js';
import type { BackfillRun, BackfillScope } from './backfill-run.js';
import type { BackfillStore } from './backfill-store.js';
import type { FailureStore, ImageFailure } from './failure-store.js';

/** What came of a start: a new run, or the one that is in the way. */
export type BackfillStart = { kind: 'started'; run: BackfillRun } | { kind: 'conflict'; active: BackfillRun };

/** A page of something that is listed with a keyset. */
export interface Page<Item> {
  items: Item[];
  hasNext: boolean;
}

/** A page of at most `first` items after the one with the key `after`. */
export interface PageRequest {
  first: number;
  after: string | null;
}

export interface BackfillServiceOptions {
  model: ModelIdentity;
  imageScope: ImageScope;
  runs: BackfillStore;
  failures: FailureStore;
  /** Called after a run was written, so that a worker of this process need not find it by itself. */
  wakeWorker: () => void;
}

/** Starts backfills and tells of them. The work itself is done by whichever process has a worker. */
export class BackfillService {
  constructor(private readonly options: BackfillServiceOptions) {}

  /** Writes a run for a worker to take up. A model has one active run at most. */
  async start(request: { scope: BackfillScope }): Promise<BackfillStart> {
    const { model, imageScope, runs } = this.options;
    for (;;) {
      const run = await runs.insert({ model: model.name, scope: request.scope, imageScope });
      if (run !== null) {
        this.options.wakeWorker();
        return { kind: 'started', run };
      }
      const active = await runs.findActive(model.name);
      // Null where it ended between the two statements: then there is room.
      if (active !== null) return { kind: 'conflict', active };
    }
  }

  /** Null where there is no such run. */
  find(id: string): Promise<BackfillRun | null> {
    return this.options.runs.find(id);
  }

  /** Newest first. */
  async list(page: PageRequest): Promise<Page<BackfillRun>> {
    return cut(await this.options.runs.listNewest(withOneMore(page)), page.first);
  }

  /** The images that a run could not embed, by image id. */
  async failures(backfillId: string, page: PageRequest): Promise<Page<ImageFailure>> {
    return cut(await this.options.failures.listOfBackfill(backfillId, withOneMore(page)), page.first);
  }
}

function withOneMore(page: PageRequest): PageRequest {
  return { ...page, first: page.first + 1 };
}

function cut<Item>(items: Item[], first: number): Page<Item> {
  return { items: items.slice(0, first), hasNext: items.length > first };
}
