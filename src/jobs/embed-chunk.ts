import type { Database } from '../db/database.js';
import { ServiceUnavailableError } from '../errors.js';
import type { BackfillChunk, BackfillLease, BackfillRun, BatchCounts } from '../services/backfill-run.js';
import type { BackfillStore } from '../services/backfill-store.js';
import type { Catalog } from '../services/catalog/catalog.js';
import type { FailureStore, NewImageFailure } from '../services/failure-store.js';
import type { EmbeddingStore, StoredImage } from '../services/vector/embedding-store.js';
import type { CatalogImage, ImageScope, ModelIdentity } from '../types.js';
import type { ImageEmbedder, ImageOutcome } from './embed-image.js';
import { Frontier, type FrontierEntry } from './frontier.js';
import { mapUnordered } from './map-unordered.js';
import { sortImage, type ImageTask } from './sort-image.js';

/** What a backfill works with. */
export interface BackfillParts {
  model: ModelIdentity;
  /** Which images new runs go over; a run keeps the scope that it began with. */
  imageScope: ImageScope;
  catalog: Catalog;
  /** The vector database, for transactions over several stores. */
  database: Database;
  embeddings: EmbeddingStore;
  failures: FailureStore;
  runs: BackfillStore;
  embedder: ImageEmbedder;
  /** Image rows a transaction. */
  batchSize: number;
}

/** A chunk of a run in the hands of the worker that holds its lease. */
export interface HeldChunk {
  run: BackfillRun;
  lease: BackfillLease;
  chunk: BackfillChunk;
  /** Images a second lately, to be stored with each batch; null while unknown. */
  imagesPerSecond: () => number | null;
}

/** A batch that is stored: its counts, and the image key up to which the chunk is done without a gap. */
export interface BatchProgress extends BatchCounts {
  checkpoint: string | null;
}

/** The lease ran out or the run was ended by someone else: what is under way must not be stored. */
export class LeaseLostError extends ServiceUnavailableError {
  constructor() {
    super('The backfill is no longer held by this worker.');
  }
}

/** Images that are read ahead of those being worked on, so that the next ones are known before the model is free. */
const READ_AHEAD = 64;

/** Where nearly all images are current, their counts are stored this often. */
const PASSED_PER_COMMIT = 1000;

/** An image of the chunk, what is to be done about it, and its place in the order. */
interface Task {
  image: CatalogImage;
  kind: ImageTask;
  entry: FrontierEntry;
  /** Whether an earlier run could not embed it. */
  hasFailed: boolean;
}

/** A task that is done, with what came of it where it was embedded or failed. */
interface Settled extends Task {
  outcome: ImageOutcome | null;
}

/**
 * Embeds what a chunk still needs, from its checkpoint on, and stores it in batches in the order in which images are ready:
 * one that is slow to come keeps nothing else waiting.
 *
 * Each value says what one committed transaction stored; embeddings, failures, counts and checkpoint are in it together,
 * so that stopping anywhere, by `return()`, by the signal or by a kill, loses only what was not stored yet: at most a batch,
 * and what was on its way.
 *
 * @throws LeaseLostError where the worker lost the run.
 * @throws The signal's reason once it is aborted.
 * @throws ServiceUnavailableError where a database or the encoder is not there.
 */
export async function* embedChunk(
  parts: BackfillParts,
  held: HeldChunk,
  signal: AbortSignal,
): AsyncGenerator<BatchProgress, void, undefined> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const frontier = new Frontier();
  // Whatever goes wrong must stop the rest at once: the generator below ends only when all that it started has ended.
  const work = (task: Task): Promise<Settled> =>
    settle(parts, task, either).catch((error: unknown) => {
      stop.abort();
      throw error;
    });
  const limit = parts.embedder.capacity + READ_AHEAD;
  let batch: Settled[] = [];
  const store = async (): Promise<BatchProgress> => {
    const settled = batch;
    batch = [];
    return storeBatch(parts, held, { settled, ...frontier.take() });
  };
  for await (const settled of mapUnordered(tasks(parts, held, frontier), limit, work)) {
    let goesOn = false;
    try {
      signal.throwIfAborted();
      frontier.settle(settled.entry);
      if (hasToBeStored(settled)) batch.push(settled);
      if (batch.length >= parts.batchSize || frontier.passedCount >= PASSED_PER_COMMIT) yield await store();
      goesOn = true;
    } finally {
      if (!goesOn) stop.abort();
    }
  }
  if (batch.length > 0 || frontier.passedCount > 0) yield await store();
}

function hasToBeStored({ outcome, kind, hasFailed }: Settled): boolean {
  return outcome !== null || kind === 'relinked' || (kind === 'current' && hasFailed);
}

async function* tasks(
  parts: BackfillParts,
  held: HeldChunk,
  frontier: Frontier,
): AsyncGenerator<Task, void, undefined> {
  for await (const page of pages(parts, held)) {
    const ids = page.map((image) => image.id);
    const [stored, failed] = await Promise.all([
      parts.embeddings.storedImages(parts.model, ids),
      parts.failures.failedAmong(parts.model.name, ids),
    ]);
    for (const image of page) {
      const kind = sortImage(image, { stored, failed }, held.run);
      const entry = frontier.add(image.id, kind === 'current' || kind === 'relinked');
      yield { image, kind, entry, hasFailed: failed.has(image.id) };
    }
  }
}

async function* pages(parts: BackfillParts, held: HeldChunk): AsyncGenerator<CatalogImage[], void, undefined> {
  const { chunk, run } = held;
  let after = chunk.checkpoint ?? chunk.after;
  for (;;) {
    const limit = parts.batchSize;
    const page = await parts.catalog.imagePage({ scope: run.imageScope, after, until: chunk.until, limit });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    if (page.length < limit) return;
    after = last.id;
  }
}

async function settle(parts: BackfillParts, task: Task, signal: AbortSignal): Promise<Settled> {
  const outcome = task.kind === 'needed' ? await parts.embedder.embed(task.image, signal) : null;
  return { ...task, outcome };
}

interface Batch {
  settled: readonly Settled[];
  checkpoint: string | null;
  skipped: number;
}

async function storeBatch(parts: BackfillParts, held: HeldChunk, batch: Batch): Promise<BatchProgress> {
  const outcomes = batch.settled.flatMap(({ outcome }) => outcome ?? []);
  const embedded = outcomes.filter((outcome) => outcome.kind === 'embedded');
  const failed = outcomes.filter((outcome) => outcome.kind === 'failed');
  const relinked = batch.settled.filter(({ kind }) => kind === 'relinked').map(({ image }) => image);
  // A failure stands for what is not embedded; these are, whatever went wrong with them before.
  const mended = batch.settled
    .filter(({ outcome, hasFailed }) => hasFailed && outcome?.kind !== 'failed')
    .map(({ image }) => image.id);
  const counts = { embedded: embedded.length, skipped: batch.skipped, failed: failed.length };
  const { id: backfillId } = held.run;
  const { checkpoint } = batch;
  await parts.database.transaction(async (tx) => {
    const isHeld = await parts.runs.addCounts(held.lease, { ...counts, imagesPerSecond: held.imagesPerSecond() }, tx);
    if (!isHeld) throw new LeaseLostError();
    if (embedded.length > 0) {
      const rows = embedded.map(({ image, vector }) => ({ ...toStoredImage(image), backfillId, vector }));
      await parts.embeddings.upsert(parts.model, rows, tx);
    }
    if (mended.length > 0) await parts.failures.clear(parts.model.name, mended, tx);
    if (relinked.length > 0) await parts.embeddings.relink(parts.model, relinked.map(toStoredImage), tx);
    if (failed.length > 0) {
      await parts.failures.record({ model: parts.model.name, backfillId }, failed.map(toFailure), tx);
    }
    await parts.runs.saveCheckpoint(backfillId, { number: held.chunk.number, checkpoint }, tx);
  });
  return { ...counts, checkpoint };
}

function toStoredImage(image: CatalogImage): StoredImage {
  return {
    imageId: image.id,
    productId: image.productId,
    imageUrl: image.url,
    isMain: image.isMain,
    sourceUpdatedAt: image.updatedAt,
  };
}

function toFailure({ image, error }: Extract<ImageOutcome, { kind: 'failed' }>): NewImageFailure {
  return {
    imageId: image.id,
    productId: image.productId,
    imageUrl: image.url,
    reason: error.reason,
    message: error.message,
    httpStatus: error.httpStatus,
  };
}
