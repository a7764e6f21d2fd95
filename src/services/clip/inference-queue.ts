import { setMaxListeners } from 'node:events';
import { ServiceUnavailableError } from '../../errors.js';
import { NO_OBSERVER, type Observer } from '../../observer.js';
import type { EncodeOptions, EncodePriority } from './image-encoder.js';

/** What became of one input of a batch. */
export type InferenceOutcome = { vector: Float32Array } | { error: Error };

/** Infers one batch; the outcomes are in the batch's order. Rejects where the whole batch came to nothing. */
export type RunBatch<Input> = (batch: readonly Input[]) => Promise<readonly InferenceOutcome[]>;

export interface InferenceQueueOptions<Input> {
  run: RunBatch<Input>;
  /** Inputs in one batch at most. */
  maxBatch: number;
  /** Searches that may wait before further ones are refused. */
  maxQueued: number;
  /** Is told how long inputs wait and are inferred; by default nobody is. */
  observer?: Observer | undefined;
  /** Milliseconds, from any start. */
  now?: () => number;
}

interface Entry<Input> {
  input: Input;
  addedAtMs: number;
  /** When the model took it up, and when it was done with it; null before. */
  takenAtMs: number | null;
  doneAtMs: number | null;
  settle: (outcome: InferenceOutcome) => void;
}

/** Weight of the last batch in the average that `retryAfterMs` is estimated from. */
const RECENT = 0.3;

/**
 * Puts what is to be encoded, images or texts, in batches and gives them to the model, one batch at a time. There is no
 * timer: a batch is whatever is waiting when the model becomes free.
 *
 * A batch holds searches or backfill images, never both. On a CPU a batch of four takes nearly four times as long as one
 * image, so filling a search's batch up would make it wait for work that gains nothing; and next to a backfill, searches
 * are rare enough that a GPU can spare the places. So a search waits for the one batch in flight and for earlier searches.
 *
 * Only searches are bounded. A backfill awaits its images, so it has as many here as it holds in memory anyway.
 */
export class InferenceQueue<Input> {
  private readonly waiting: Record<EncodePriority, Set<Entry<Input>>> = { search: new Set(), backfill: new Set() };
  /** Searches that have a place, and whose inputs are being made. */
  private making = 0;
  private inFlight: Promise<void> | null = null;
  private isClosed = false;
  private msPerInput = 0;

  private readonly observer: Observer;
  private readonly now: () => number;

  constructor(private readonly options: InferenceQueueOptions<Input>) {
    this.observer = options.observer ?? NO_OBSERVER;
    this.now = options.now ?? performance.now.bind(performance);
  }

  /**
   * @returns the outcome's vector.
   * @throws the outcome's error, or what `run` rejected with.
   * @throws ServiceUnavailableError for a search past the bound, and after `close`.
   */
  async add(input: Input, { priority, signal }: EncodeOptions): Promise<Float32Array> {
    signal?.throwIfAborted();
    if (priority === 'search') this.checkRoom();
    return this.enter(input, { priority, signal });
  }

  /**
   * The same for a search whose input is yet to be made, which takes its place before that: where it is refused, nothing is made. It
   * keeps the place until its input is there even if it is given up, so that no more are being made at a time than may wait.
   *
   * @throws what `make` throws, too.
   */
  async addMade(make: () => Promise<Input>, { signal }: { signal?: AbortSignal | undefined }): Promise<Float32Array> {
    signal?.throwIfAborted();
    this.checkRoom();
    this.making += 1;
    const input = await make().finally(() => (this.making -= 1));
    signal?.throwIfAborted();
    return this.enter(input, { priority: 'search', signal });
  }

  /** @throws ServiceUnavailableError where a search would be refused now. */
  checkRoom(): void {
    if (this.isClosed) throw stopping();
    if (this.making + this.waiting.search.size >= this.options.maxQueued) throw this.tooBusy();
  }

  private async enter(input: Input, { priority, signal }: EncodeOptions): Promise<Float32Array> {
    if (this.isClosed) throw stopping();
    const entry = { input, addedAtMs: this.now(), takenAtMs: null, doneAtMs: null };
    try {
      return await this.infer(entry, { priority, signal });
    } finally {
      this.tell(entry);
    }
  }

  private infer(made: Omit<Entry<Input>, 'settle'>, { priority, signal }: EncodeOptions): Promise<Float32Array> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.leave(priority, entry);
        reject(signal?.reason as Error);
      };
      const settle = (outcome: InferenceOutcome) => {
        signal?.removeEventListener('abort', abort);
        if ('vector' in outcome) resolve(outcome.vector);
        else reject(outcome.error);
      };
      const entry = Object.assign(made, { settle });
      if (signal !== undefined) listenTo(signal, abort);
      this.waiting[priority].add(entry);
      this.observer.queued(priority, 1);
      this.startBatch();
    });
  }

  /** Rejects what waits and resolves when the batch in flight has come to its end. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const priority of ['search', 'backfill'] as const) {
      for (const entry of this.waiting[priority]) {
        this.leave(priority, entry);
        entry.settle({ error: stopping() });
      }
    }
    await this.inFlight;
  }

  private startBatch(): void {
    if (this.inFlight !== null) return;
    const batch = this.takeBatch();
    if (batch.length === 0) return;
    this.inFlight = this.runBatch(batch).finally(() => {
      this.inFlight = null;
      this.startBatch();
    });
  }

  private takeBatch(): Entry<Input>[] {
    const next = this.waiting.search.size > 0 ? 'search' : 'backfill';
    const batch = [...this.waiting[next]].slice(0, this.options.maxBatch);
    for (const entry of batch) {
      this.leave(next, entry);
      entry.takenAtMs = this.now();
    }
    return batch;
  }

  private leave(priority: EncodePriority, entry: Entry<Input>): void {
    if (this.waiting[priority].delete(entry)) this.observer.queued(priority, -1);
  }

  /** Whose stages they are is known only where it is awaited: a batch has inputs of several searches. */
  private tell({ addedAtMs, takenAtMs, doneAtMs }: Omit<Entry<Input>, 'settle'>): void {
    if (takenAtMs === null) return;
    this.observer.note('queue', takenAtMs - addedAtMs);
    if (doneAtMs !== null) this.observer.note('inference', doneAtMs - takenAtMs);
  }

  private async runBatch(batch: readonly Entry<Input>[]): Promise<void> {
    const startedAt = this.now();
    try {
      const outcomes = await this.options.run(batch.map((entry) => entry.input));
      this.noteRate((this.now() - startedAt) / batch.length);
      for (const entry of batch) entry.doneAtMs = this.now();
      batch.forEach((entry, index) => {
        entry.settle(outcomes[index] ?? { error: new Error('The batch came back without an outcome for this one.') });
      });
    } catch (error) {
      for (const entry of batch) entry.settle({ error: error instanceof Error ? error : new Error(String(error)) });
    }
  }

  private noteRate(msPerInput: number): void {
    this.msPerInput = this.msPerInput === 0 ? msPerInput : this.msPerInput * (1 - RECENT) + msPerInput * RECENT;
  }

  private tooBusy(): ServiceUnavailableError {
    const waiting = this.making + this.waiting.search.size;
    const retryAfterMs = Math.max(100, Math.ceil(waiting * this.msPerInput));
    return new ServiceUnavailableError(
      `${waiting} searches are already waiting for the model: try again in ${retryAfterMs} ms.`,
      // A line for each would be a load of its own. The metrics count them by their code.
      { logLevel: 'debug', details: { retryAfterMs } },
    );
  }
}

function listenTo(signal: AbortSignal, abort: () => void): void {
  // The images of a backfill share one signal, so many listeners on it are no leak for Node to warn of.
  setMaxListeners(0, signal);
  signal.addEventListener('abort', abort);
}

/** What everyone hears who comes after `close`. */
export function stopping(): ServiceUnavailableError {
  return new ServiceUnavailableError('The server is stopping: try again in a moment.');
}
