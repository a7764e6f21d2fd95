import type { Database, Queryable } from '../db/database.js';
import { BadUserInputError } from '../errors.js';
import { NO_BACKFILL_OBSERVER, type BackfillObserver } from '../observer.js';
import type { ImageScope } from '../types.js';
import { chunksOf } from './backfill-chunks.js';
import type { BackfillFailureStore, FailureFilter, FailurePage, ImageFailure } from './backfill-failure-store.js';
import type { JobSender } from './backfill-job.js';
import type { BackfillJobStore } from './backfill-job-store.js';
import { effectOf, isFinal, type BackfillCommand, type BackfillRun } from './backfill-run.js';
import type { BackfillStore } from './backfill-store.js';
import type { EmbeddingModelStore } from './embedding-model-store.js';
import { enqueueJobs, sendJobs } from './enqueue-jobs.js';
import type { FailureStore } from './failure-store.js';
import { startRun } from './start-run.js';

/** The most images that may be named to be tried again. */
export const MAX_IMAGE_IDS = 1000;

/** What came of a command: the run as it is now, and whether it could be brought there. */
export type CommandResult =
  { kind: 'done'; run: BackfillRun } | { kind: 'refused'; run: BackfillRun } | { kind: 'notFound' };

/** What came of asking for another try: how many images are tried again, and by which run. */
export type RetryResult =
  | { kind: 'done'; run: BackfillRun; retriedCount: number }
  | { kind: 'conflict'; run: BackfillRun; active: BackfillRun }
  | { kind: 'notFound' };

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

export interface BackfillSteeringOptions {
  /** Which images a new run goes over that tries failures again. */
  imageScope: ImageScope;
  /** The vector database, for transactions over several stores. */
  database: Database;
  models: EmbeddingModelStore;
  runs: BackfillStore;
  jobs: BackfillJobStore;
  failures: FailureStore;
  runFailures: BackfillFailureStore;
  queue: JobSender;
  observer?: BackfillObserver;
  /** Called after something was written for workers, so that one of this process need not find it by itself. */
  wakeWorkers: () => void;
}

/** Steers backfills and tells of them: for all of that the vector database is enough. */
export class BackfillSteering {
  constructor(private readonly options: BackfillSteeringOptions) {}

  pause(id: string): Promise<CommandResult> {
    return this.command('pause', id, (tx) => this.options.runs.pause(id, tx));
  }

  /** Workers go on where the run stood. */
  resume(id: string): Promise<CommandResult> {
    return this.command('resume', id, async (tx, run) => {
      const { runs, jobs } = this.options;
      await runs.resume(id, tx);
      const waiting = await jobs.waiting(id, tx);
      await sendJobs(
        this.options,
        run,
        waiting.map(({ number }) => number),
        tx,
      );
    });
  }

  /** What is embedded stays. */
  async cancel(id: string): Promise<CommandResult> {
    let isEnd = false;
    const result = await this.command('cancel', id, async (tx) => {
      await this.options.runs.finish(id, { state: 'CANCELLED' }, tx);
      await this.options.jobs.releaseAll(id, tx);
      isEnd = true;
    });
    const { observer = NO_BACKFILL_OBSERVER } = this.options;
    // TypeScript does not see that the callback ran. Cancelling what is cancelled ends nothing.
    if (isEnd as boolean) observer.ended('CANCELLED');
    return result;
  }

  /**
   * Tries images again that a run could not embed and that still are not: in the same run while it is active, else in a new
   * one. A model has one active run at most, so another one is in the way.
   *
   * @throws BadUserInputError where more images are named than {@link MAX_IMAGE_IDS}.
   */
  async retryFailed(id: string, filter: FailureFilter): Promise<RetryResult> {
    if (filter.imageIds !== null && filter.imageIds.length > MAX_IMAGE_IDS) {
      const counts = `at most ${MAX_IMAGE_IDS} images, and has ${filter.imageIds.length}`;
      throw new BadUserInputError('imageIds', `\`imageIds\` may name ${counts}.`);
    }
    const run = await this.options.runs.find(id);
    if (run === null) return { kind: 'notFound' };
    await this.options.queue.ensureModel(run.model);
    return (isFinal(run) ? null : await this.retryWithin(run, filter)) ?? this.retryAnew(run, filter);
  }

  /** Null where there is no such run. */
  find(id: string): Promise<BackfillRun | null> {
    return this.options.runs.find(id);
  }

  /** Newest first. */
  async list(page: PageRequest): Promise<Page<BackfillRun>> {
    return cut(await this.options.runs.listNewest(withOneMore(page)), page.first);
  }

  /** Those that have not ended, one a model at most; newest first. */
  listActive(): Promise<BackfillRun[]> {
    return this.options.runs.listActive();
  }

  /** The images that a run could not embed, by image id. */
  async failures(backfillId: string, page: FailurePage): Promise<Page<ImageFailure>> {
    return cut(await this.options.runFailures.list(backfillId, withOneMore(page)), page.first);
  }

  /** How many images a run could not embed for each reason, most first. */
  countFailures(backfillId: string): ReturnType<BackfillFailureStore['countByReason']> {
    return this.options.runFailures.countByReason(backfillId);
  }

  private async command(
    command: BackfillCommand,
    id: string,
    act: (tx: Queryable, run: BackfillRun) => Promise<void>,
  ): Promise<CommandResult> {
    const { database, runs, queue } = this.options;
    const found = await runs.find(id);
    if (found === null) return { kind: 'notFound' };
    await queue.ensureModel(found.model);
    const isRefused = await database.transaction(async (tx) => {
      const state = await runs.lock(id, tx);
      const effect = effectOf(command, state ?? found.state);
      if (effect === 'change') await act(tx, found);
      return effect === 'refuse';
    });
    this.options.wakeWorkers();
    const run = (await runs.find(id)) ?? found;
    return { kind: isRefused ? 'refused' : 'done', run };
  }

  /** @returns Null where the run has ended meanwhile. */
  private async retryWithin(run: BackfillRun, filter: FailureFilter): Promise<RetryResult | null> {
    const { database, runs, runFailures, failures } = this.options;
    const retriedCount = await database.transaction(async (tx) => {
      const state = await runs.lock(run.id, tx);
      const current = await runs.find(run.id, tx);
      if (current === null || isFinal(current)) return null;
      const imageIds = await runFailures.unmended(run.id, filter, tx);
      if (imageIds.length === 0) return 0;
      await runFailures.remove(run.id, imageIds, tx);
      await failures.makeDue(run.model, imageIds, tx);
      await runs.addCounts(run.id, { embedded: 0, skipped: 0, failed: -imageIds.length }, tx);
      const target = { id: run.id, model: run.model, isPaused: state === 'PAUSED' };
      await enqueueJobs(this.options, target, chunksOf(imageIds), tx);
      return imageIds.length;
    });
    if (retriedCount === null) return null;
    this.options.wakeWorkers();
    return { kind: 'done', run: (await runs.find(run.id)) ?? run, retriedCount };
  }

  private async retryAnew(run: BackfillRun, filter: FailureFilter): Promise<RetryResult> {
    const { database, runFailures, imageScope } = this.options;
    const active = await this.options.runs.findActive(run.model);
    if (active !== null) return { kind: 'conflict', run, active };
    const imageIds = await runFailures.unmended(run.id, filter, database);
    if (imageIds.length === 0) return { kind: 'done', run, retriedCount: 0 };
    const retry = { model: run.model, scope: 'FAILED', imageScope, total: imageIds.length } as const;
    const start = await startRun(this.options, retry, chunksOf(imageIds));
    if (start.kind === 'conflict') return { kind: 'conflict', run, active: start.active };
    this.options.wakeWorkers();
    return { kind: 'done', run: start.run, retriedCount: imageIds.length };
  }
}

function withOneMore<Request extends { first: number }>(page: Request): Request {
  return { ...page, first: page.first + 1 };
}

function cut<Item>(items: Item[], first: number): Page<Item> {
  return { items: items.slice(0, first), hasNext: items.length > first };
}
