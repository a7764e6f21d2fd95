import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, ServiceUnavailableError } from '../errors.js';
import type { ModelIdentity } from '../types.js';
import { isFinal, type BackfillRun } from './backfill-run.js';
import type { BackfillStore } from './backfill-store.js';
import type { Coverage, CoverageService } from './coverage.js';
import type { EmbeddingModelStore } from './embedding-model-store.js';
import { unknownModel } from './embedding-models.js';
import type { ServingModel } from './serving-model.js';

/** Where a model stands: the same answer from every process, whichever does the work. */
export interface EmbeddingStatus {
  model: ModelIdentity;
  coverage: Coverage;
  /** The run that was asked for, else the model's latest; null where there was none. */
  backfill: BackfillRun | null;
  /** Rises with every change of the model's embeddings and runs. */
  sequence: number;
  /** ISO 8601. */
  updatedAt: string;
}

export interface EmbeddingStatusOptions {
  serving: Pick<ServingModel, 'identity'>;
  coverage: CoverageService;
  models: EmbeddingModelStore;
  runs: BackfillStore;
}

/** A subscriber gets at most one event in this time. */
const EVENT_INTERVAL_MS = 1000;

/** Reads where the model stands, and follows it. */
export class EmbeddingStatusService {
  /** Readings shared by everybody who watches the same run, or the same model. */
  private readonly recent = new Map<string, { readAtMs: number; status: Promise<EmbeddingStatus> }>();

  constructor(private readonly options: EmbeddingStatusOptions) {}

  /**
   * @param about.backfillId - the run to tell of, and its model with it.
   * @param about.model - else the latest run of this model; of the one that answers searches where null.
   * @throws AppError NOT_FOUND where there is no such run or model.
   */
  async read(about: { backfillId?: string | null; model?: string | null } = {}): Promise<EmbeddingStatus> {
    const { models, runs, coverage } = this.options;
    const asked = about.backfillId == null ? null : await this.findRun(about.backfillId);
    const model = await this.findModel(asked?.model ?? about.model ?? null);
    // The revision is read first: what is read after it can only be newer than it says, never older.
    const { revision, updatedAt } = await models.revision(model.name);
    const backfill = asked === null ? await runs.findLatest(model.name) : await this.findRun(asked.id);
    return { model, coverage: await coverage.current(model.name), backfill, sequence: revision, updatedAt };
  }

  private async findRun(id: string): Promise<BackfillRun> {
    const run = await this.options.runs.find(id);
    if (run === null) throw unknownBackfill(id);
    return run;
  }

  private async findModel(name: string | null): Promise<ModelIdentity> {
    const { models, serving } = this.options;
    if (name === null) return serving.identity();
    const model = await models.find(name);
    if (model === null) throw noSuchModel(name, await models.list());
    return { name: model.name, dimensions: model.dimensions };
  }

  /**
   * A snapshot at once, then a status for every change, at most one a second, and the last when the run that is followed
   * has ended: the one asked for, else the active one of the model that answers searches, else the next one to start. When
   * another model answers from then on, it stays with this one: its numbers go on. `return()` ends it at once.
   *
   * @throws AppError NOT_FOUND where there is no such run.
   */
  async follow(backfillId: string | null): Promise<AsyncIterableIterator<EmbeddingStatus>> {
    const snapshot = await this.read({ backfillId });
    const stop = new AbortController();
    return endingAtReturn(this.changesAfter(snapshot, backfillId, stop.signal), stop);
  }

  private async *changesAfter(
    snapshot: EmbeddingStatus,
    backfillId: string | null,
    signal: AbortSignal,
  ): AsyncGenerator<EmbeddingStatus, void, undefined> {
    yield snapshot;
    const endedBefore = backfillId === null && hasEnded(snapshot.backfill) ? snapshot.backfill?.id : undefined;
    let sent = snapshot;
    while (!hasEnded(sent.backfill) || sent.backfill?.id === endedBefore) {
      await sleep(EVENT_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      // Once there is a run to follow it is that one, also when another starts right after it.
      const followed = hasEnded(sent.backfill) ? backfillId : (sent.backfill?.id ?? backfillId);
      const about = { backfillId: followed, model: snapshot.model.name };
      const next = await this.readShared(about).catch(nullWhereUnavailable);
      if (next === null || next.sequence <= sent.sequence) continue;
      sent = hasEnded(next.backfill) ? await this.readFinal(next) : next;
      yield sent;
    }
  }

  /** The last status of a run, with coverage counted after its end, where that can be had. */
  private async readFinal(last: EmbeddingStatus): Promise<EmbeddingStatus> {
    const coverage = await this.options.coverage
      .current(last.model.name, performance.now())
      .catch(nullWhereUnavailable);
    return coverage === null ? last : { ...last, coverage };
  }

  private readShared(about: { backfillId: string | null; model: string }): Promise<EmbeddingStatus> {
    const key = JSON.stringify([about.backfillId, about.model]);
    const known = this.recent.get(key);
    if (known !== undefined && performance.now() - known.readAtMs < EVENT_INTERVAL_MS / 2) return known.status;
    const status = this.read(about);
    const entry = { readAtMs: performance.now(), status };
    this.recent.set(key, entry);
    const forget = () => {
      if (this.recent.get(key) === entry) this.recent.delete(key);
    };
    setTimeout(forget, EVENT_INTERVAL_MS).unref();
    return status;
  }
}

function hasEnded(run: BackfillRun | null): boolean {
  return run !== null && isFinal(run);
}

/**
 * A generator that waits for something hears of `return()` only when that comes; this one is told to stop waiting.
 * Without it, every client that went away would leave a watcher behind.
 */
function endingAtReturn<Value>(
  values: AsyncGenerator<Value, void, undefined>,
  stop: AbortController,
): AsyncIterableIterator<Value> {
  return {
    next: () => values.next(),
    return: () => {
      stop.abort();
      return values.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** A watcher sits out a database that is away for a while. */
function nullWhereUnavailable(error: unknown): null {
  if (error instanceof ServiceUnavailableError) return null;
  throw error;
}

function unknownBackfill(id: string): AppError {
  return new AppError('NOT_FOUND', `There is no backfill with the id "${id}".`, {
    details: { argument: 'backfillId' },
  });
}

function noSuchModel(name: string, models: readonly ModelIdentity[]): AppError {
  const known = models.map((model) => model.name);
  const message = unknownModel({ kind: 'unknownModel', model: name, known });
  return new AppError('NOT_FOUND', message, { details: { argument: 'model' } });
}
