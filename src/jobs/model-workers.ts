import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceUnavailableError } from '../errors.js';
import type { Log } from '../log.js';
import type { EmbeddingModelStore, StoredModel } from '../services/embedding-model-store.js';
import type { Close } from '../types.js';
import { BackfillWorker } from './backfill-worker.js';
import type { BackfillParts } from './backfill-parts.js';

/** How often it looks which models have backfills. */
const LOOK_EVERY_MS = 2000;

/** How long a model that could not be loaded is left to other processes. */
const RETRY_MS = 60_000;

export interface ModelWorkersOptions {
  models: Pick<EmbeddingModelStore, 'list'>;
  /** Loads a model, and gives what its backfills are worked on with. */
  partsOf: (model: Pick<StoredModel, 'name' | 'source'>) => Promise<BackfillParts>;
  /** Workers for each model. */
  workers: number;
  /** Done before the first job is taken. */
  prepare: (signal: AbortSignal) => Promise<void>;
  log: Log;
}

/**
 * The workers of one model: being started, which takes as long as loading the model; there; being ended; or not to be had for
 * now.
 */
type Crew =
  | { state: 'starting'; done: Promise<void> }
  | { state: 'working'; workers: BackfillWorker[]; isPermanent: boolean }
  | { state: 'ending'; done: Promise<void> }
  | { state: 'failed'; untilMs: number };

/**
 * The workers of a process: always those of the models it is given, and those of any other model while that has an active
 * backfill.
 */
export class ModelWorkers {
  private readonly crews = new Map<string, Crew>();
  private readonly stopping = new AbortController();
  private nap = new AbortController();
  private isWoken = false;
  private looking: Promise<void> = Promise.resolve();

  constructor(private readonly options: ModelWorkersOptions) {}

  /** @param permanent - models that are loaded, to work for at all times. */
  start(permanent: readonly BackfillParts[]): void {
    for (const parts of permanent) this.work(parts, { isPermanent: true });
    this.looking = this.look();
  }

  /** Looks for jobs at once. */
  wake(): void {
    for (const worker of this.workers()) worker.wake();
    this.isWoken = true;
    this.nap.abort();
  }

  /** Begins to stop. */
  stop(): void {
    this.stopping.abort();
    for (const worker of this.workers()) worker.stop();
    this.wake();
  }

  /** Stops, stores what is embedded, and puts back the jobs that are not done. Safe to call twice. */
  readonly close: Close = async () => {
    this.stop();
    await this.looking;
    const crews = [...this.crews.values()];
    await Promise.all([
      ...crews.map((crew) => ('done' in crew ? crew.done : undefined)),
      ...this.workers().map((worker) => worker.close()),
    ]);
  };

  private workers(): BackfillWorker[] {
    return [...this.crews.values()].flatMap((crew) => (crew.state === 'working' ? crew.workers : []));
  }

  private async look(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.adjust().catch((error: unknown) => {
        this.options.log.warn({ err: error }, 'could not look which models have backfills');
      });
      await this.rest();
    }
  }

  private async adjust(): Promise<void> {
    const models = await this.options.models.list();
    if (this.stopping.signal.aborted) return;
    const filling = new Set(models.filter(({ backfillState }) => backfillState !== null).map(({ name }) => name));
    for (const [name, crew] of this.crews) {
      if (crew.state === 'working' && !crew.isPermanent && !filling.has(name)) this.end(name, crew.workers);
    }
    for (const model of models) {
      // A paused backfill needs nobody: it is no reason to load a model.
      if (model.backfillState !== null && model.backfillState !== 'PAUSED' && this.isFree(model.name))
        this.begin(model);
    }
  }

  private isFree(name: string): boolean {
    const crew = this.crews.get(name);
    return crew === undefined || (crew.state === 'failed' && performance.now() >= crew.untilMs);
  }

  /** Nobody waits for it: meanwhile the workers of other models are looked after. */
  private begin(model: StoredModel): void {
    const { log, partsOf } = this.options;
    const done = partsOf(model).then(
      (parts) => {
        if (this.stopping.signal.aborted) return;
        log.info({ model: model.name }, 'working on the backfill of another model');
        this.work(parts, { isPermanent: false });
      },
      (error: unknown) => {
        const isAway = error instanceof ServiceUnavailableError;
        this.crews.set(model.name, { state: 'failed', untilMs: isAway ? 0 : performance.now() + RETRY_MS });
        // A database that is away for a moment says nothing of the model.
        if (isAway || this.stopping.signal.aborted) return;
        log.error(
          { err: error, model: model.name },
          'the model of a backfill can not be loaded; another process may do it, this one tries again later',
        );
      },
    );
    this.crews.set(model.name, { state: 'starting', done });
  }

  private work(parts: BackfillParts, { isPermanent }: { isPermanent: boolean }): void {
    const { workers: count, prepare } = this.options;
    const workers = Array.from({ length: count }, () => new BackfillWorker(parts, prepare));
    this.crews.set(parts.model.name, { state: 'working', workers, isPermanent });
    for (const worker of workers) worker.start();
  }

  private end(name: string, workers: readonly BackfillWorker[]): void {
    const done = Promise.all(workers.map((worker) => worker.close())).then(
      () => {
        this.crews.delete(name);
        this.options.log.info({ model: name }, 'the backfill of another model has ended');
      },
      (error: unknown) => {
        this.crews.delete(name);
        this.options.log.error({ err: error, model: name }, 'the workers of another model did not end as they should');
      },
    );
    this.crews.set(name, { state: 'ending', done });
  }

  private async rest(): Promise<void> {
    this.nap = new AbortController();
    if (!this.isWoken) await sleep(LOOK_EVERY_MS, undefined, { signal: this.nap.signal }).catch(() => undefined);
    this.isWoken = false;
  }
}
