import type { CountsAdded } from '../services/backfill-run.js';
import type { BackfillParts } from './backfill-parts.js';
import { chunkTasks, type ImageJob } from './chunk-tasks.js';
import type { HeldJob } from './held-job.js';
import { mapUnordered } from './map-unordered.js';
import { Semaphore, type Release } from '../semaphore.js';
import { storeBatch, type ChunkPart, type Settled } from './store-batch.js';
import { untilAvailable } from './until-available.js';

/** Where chunks come from, and where they go when this process is through with them. */
export interface ChunkSource {
  /** Aborted when the process is stopping: then a database that is away is not waited for. */
  readonly stopSignal: AbortSignal;
  /** The next chunk to work on; null where there will be none any more. Waits while there is none for now. */
  next(): Promise<HeldJob | null>;
  /** Nothing of the chunk is on its way any more: it is stored whole, or as far as it came. */
  leave(held: HeldJob): Promise<void>;
  /** Stops all that is held: something went wrong that is not one image's fault. */
  stopAll(): void;
}

/** A batch that is stored. */
export interface BatchProgress extends CountsAdded {
  backfillId: string;
}

/** Images of all chunks in hand together, most of which wait for their host. */
const MOST_UNDER_WAY = 20_000;

/** Where nearly all images are current, their counts are stored this often. */
const PASSED_PER_COMMIT = 1000;

/** Says that all images of a chunk have been given to the pipeline. */
interface EndOfChunk {
  kind: 'end';
  held: HeldJob;
}

/** An image that is through the pipeline. `dropped`: it was stopped on the way. */
interface Passed {
  kind: 'settled' | 'dropped';
  job: ImageJob;
  settled: Settled;
  /** Lets the model run ahead by one more image, once this one is stored. */
  release: Release;
}

/**
 * Embeds what the chunks still need, one chunk after another without a gap between them: while the last images of one are on
 * their way, those of the next begin. Images are stored in batches in the order in which they are ready: one that is slow to
 * come keeps nothing else waiting.
 *
 * Each value says what one committed transaction stored. Embeddings, failures, counts, checkpoints and the ends of chunks are
 * in it together, so that a kill anywhere loses only what was not stored yet: at most a batch, as the model does not
 * run further ahead. The chunks are resumable: whoever takes one up next goes on behind its checkpoint.
 *
 * @throws ServiceUnavailableError where a database or the encoder is not there, and whatever nobody foresaw. What is held then
 *   is stopped, and for the caller to release.
 */
export async function* embedChunks(
  parts: BackfillParts,
  source: ChunkSource,
): AsyncGenerator<BatchProgress, void, undefined> {
  const pipeline = new Pipeline(parts, source);
  let isThrough = false;
  try {
    for await (const item of mapUnordered(pipeline.items(), MOST_UNDER_WAY, (item) => pipeline.work(item))) {
      yield* pipeline.take(item);
    }
    isThrough = true;
  } catch (error) {
    // What is embedded may be stored all the same, where it was something else that failed.
    await pipeline.storeRest().catch(() => undefined);
    throw error;
  } finally {
    if (!isThrough) source.stopAll();
  }
}

/**
 * Takes images through the stages. Whatever goes wrong in any of them stops the rest at once: mapUnordered ends only when all
 * that it started has ended, and so does what feeds it.
 */
class Pipeline {
  private readonly unsaved: Semaphore;
  private readonly batch = new Map<HeldJob, Passed[]>();

  constructor(
    private readonly parts: BackfillParts,
    private readonly source: ChunkSource,
  ) {
    this.unsaved = new Semaphore(parts.batchSize);
  }

  async *items(): AsyncGenerator<ImageJob | EndOfChunk, void, undefined> {
    try {
      yield* this.itemsOfChunks();
    } catch (error) {
      this.source.stopAll();
      throw error;
    }
  }

  private async *itemsOfChunks(): AsyncGenerator<ImageJob | EndOfChunk, void, undefined> {
    for (let held = await this.source.next(); held !== null; held = await this.source.next()) {
      const { task } = held.job;
      held.begin();
      if (task.kind === 'CHUNK') {
        for await (const job of chunkTasks(this.parts, held, task)) {
          held.begin();
          if (job.kind === 'needed') held.countNeeded();
          yield job;
        }
      }
      held.close();
      yield { kind: 'end', held };
    }
  }

  async work(item: ImageJob | EndOfChunk): Promise<Passed | EndOfChunk> {
    if (item.kind === 'end') return item;
    try {
      return await this.pass(item);
    } catch (error) {
      this.source.stopAll();
      throw error;
    }
  }

  private async pass(job: ImageJob): Promise<Passed> {
    const { image, kind, stored, attemptsBefore, held } = job;
    const settled = { image, kind, stored, attemptsBefore, outcome: null };
    let release: Release = () => undefined;
    if (kind !== 'needed') return { kind: 'settled', job, settled, release };
    const { signal } = held;
    const reserve = async (): Promise<void> => {
      release();
      release = await this.unsaved.acquire(signal);
    };
    const known = held.run.scope === 'ALL' ? null : stored;
    try {
      const outcome = await this.parts.embedder.embed({ image, stored: known, signal, reserve });
      if (outcome.kind === 'unchanged') job.entry.isSkipped = true;
      return { kind: 'settled', job, settled: { ...settled, outcome }, release };
    } catch (error) {
      release();
      if (signal.aborted) return { kind: 'dropped', job, settled, release };
      throw error;
    }
  }

  async *take(item: Passed | EndOfChunk): AsyncGenerator<BatchProgress, void, undefined> {
    try {
      yield* this.settle(item);
    } catch (error) {
      this.source.stopAll();
      throw error;
    }
  }

  private async *settle(item: Passed | EndOfChunk): AsyncGenerator<BatchProgress, void, undefined> {
    const held = item.kind === 'end' ? item.held : item.job.held;
    held.end();
    if (item.kind === 'settled') {
      held.frontier.settle(item.job.entry);
      this.add(held, item);
    }
    if (held.isOver) {
      // Also where no image of it has to be stored, so that its end is.
      this.batch.set(held, this.batch.get(held) ?? []);
      yield* this.store();
      await this.source.leave(held);
    } else if (this.isFull(held)) {
      yield* this.store();
    }
  }

  private add(held: HeldJob, passed: Passed): void {
    const batch = this.batch.get(held) ?? [];
    if (hasToBeStored(passed.settled)) batch.push(passed);
    else passed.release();
    this.batch.set(held, batch);
  }

  private isFull(held: HeldJob): boolean {
    const size = [...this.batch.values()].reduce((sum, { length }) => sum + length, 0);
    return size >= this.parts.batchSize || held.frontier.passedCount >= PASSED_PER_COMMIT;
  }

  /** Stores what is settled by now, of chunks that have been stopped. */
  async storeRest(): Promise<void> {
    const batches = this.store();
    while ((await batches.next()).done !== true);
  }

  /** Stores all that is settled, of whichever chunk: one transaction a run, and there is hardly ever more than one. */
  private async *store(): AsyncGenerator<BatchProgress, void, undefined> {
    const passed = [...this.batch.values()].flat();
    const chunks = [...this.batch].map(([held, settled]): ChunkPart => {
      return { held, settled: settled.map((one) => one.settled), ...held.frontier.take(), isDone: held.isDone };
    });
    this.batch.clear();
    try {
      for (const [backfillId, ofRun] of groupByRun(chunks)) yield await this.storeRun(backfillId, ofRun);
    } finally {
      for (const { release } of passed) release();
    }
  }

  private async storeRun(backfillId: string, chunks: readonly ChunkPart[]): Promise<BatchProgress> {
    const batch = { backfillId, chunks: chunks.filter(({ held }) => !held.isLost) };
    const startedMs = performance.now();
    const stored = await untilAvailable(() => storeBatch(this.parts, batch), this.source.stopSignal);
    for (const held of stored.lost) held.lose();
    const { embedded, skipped } = stored.counts;
    const failures = reasonsIn(batch.chunks.filter(({ held }) => !held.isLost));
    this.parts.observer.stored({ embedded, skipped, failures }, performance.now() - startedMs);
    return { backfillId, ...stored.counts };
  }
}

function reasonsIn(chunks: readonly ChunkPart[]): string[] {
  const outcomes = chunks.flatMap(({ settled }) => settled.map(({ outcome }) => outcome));
  return outcomes.flatMap((outcome) => (outcome?.kind === 'failed' ? [outcome.error.reason] : []));
}

function hasToBeStored({ outcome, kind, attemptsBefore }: Settled): boolean {
  return outcome !== null || kind === 'relinked' || (kind === 'current' && attemptsBefore > 0);
}

function groupByRun(chunks: readonly ChunkPart[]): Map<string, ChunkPart[]> {
  const groups = new Map<string, ChunkPart[]>();
  for (const chunk of chunks) {
    const group = groups.get(chunk.held.run.id) ?? [];
    groups.set(chunk.held.run.id, [...group, chunk]);
  }
  return groups;
}
