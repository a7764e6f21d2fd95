import type { Database } from '../db/database.js';
import { ServiceUnavailableError } from '../errors.js';
import type {
  BackfillChunk,
  BackfillLease,
  BackfillRun,
  BackfillStore,
  BatchCounts,
} from '../services/backfill-store.js';
import type { Catalog } from '../services/catalog/catalog.js';
import type { FailureStore } from '../services/failure-store.js';
import type { EmbeddingRow, EmbeddingStore } from '../services/vector/embedding-store.js';
import type { CatalogImage, ImageScope, ModelIdentity } from '../types.js';
import type { ImageEmbedder, ImageOutcome } from './embed-image.js';
import { mapAhead } from './map-ahead.js';
import { sortImages, type SortedImages } from './sort-images.js';

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

/** A batch that is stored: its counts, and the image key up to which the chunk is done. */
export interface BatchProgress extends BatchCounts {
  checkpoint: string;
}

/** The lease ran out or the run was ended by someone else: what is under way must not be stored. */
export class LeaseLostError extends ServiceUnavailableError {
  constructor() {
    super('The backfill is no longer held by this worker.');
  }
}

/** Batches under way beyond the one being stored, so that one slow host does not leave the model idle. */
const BATCHES_AHEAD = 3;

interface Batch {
  sorted: SortedImages;
  outcomes: ImageOutcome[];
  checkpoint: string;
}

/**
 * Embeds what a chunk still needs, batch by batch from its checkpoint on.
 *
 * Each value says what one committed transaction stored; embeddings, failures, counts and checkpoint are in it together,
 * so that stopping anywhere, by `return()`, by the signal or by a kill, loses only what was under way.
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
  const batches = mapAhead(pages(parts, held), BATCHES_AHEAD, (page) => embedPage(parts, { page, held }, either));
  for await (const batch of batches) {
    let isTaken = false;
    try {
      signal.throwIfAborted();
      yield await storeBatch(parts, held, batch);
      isTaken = true;
    } finally {
      if (!isTaken) stop.abort();
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

async function embedPage(
  parts: BackfillParts,
  work: { page: readonly CatalogImage[]; held: HeldChunk },
  signal: AbortSignal,
): Promise<Batch> {
  const ids = work.page.map((image) => image.id);
  const stored = await parts.embeddings.storedImages(parts.model, ids);
  const sorted = sortImages(work.page, stored, work.held.run.scope);
  const outcomes = await Promise.all(sorted.needed.map((image) => parts.embedder.embed(image, signal)));
  return { sorted, outcomes, checkpoint: ids.at(-1) ?? '' };
}

async function storeBatch(parts: BackfillParts, held: HeldChunk, batch: Batch): Promise<BatchProgress> {
  const { sorted, outcomes, checkpoint } = batch;
  const embedded = outcomes.filter((outcome) => outcome.kind === 'embedded');
  const failed = outcomes.filter((outcome) => outcome.kind === 'failed');
  const counts = {
    embedded: embedded.length,
    skipped: sorted.current.length + sorted.relinked.length,
    failed: failed.length,
  };
  const settled = [...sorted.current, ...sorted.relinked, ...embedded.map((outcome) => outcome.image)];
  const at = { model: parts.model.name, backfillId: held.run.id };
  await parts.database.transaction(async (tx) => {
    const isHeld = await parts.runs.addCounts(held.lease, { ...counts, imagesPerSecond: held.imagesPerSecond() }, tx);
    if (!isHeld) throw new LeaseLostError();
    if (embedded.length > 0) await parts.embeddings.upsert(parts.model, embedded.map(toRow), tx);
    if (sorted.relinked.length > 0) await parts.embeddings.relink(parts.model, sorted.relinked.map(toLink), tx);
    await parts.failures.clear(at.model, idsOf(settled), tx);
    if (failed.length > 0) await parts.failures.record(at, failed.map(toFailure), tx);
    await parts.runs.saveCheckpoint(held.run.id, { number: held.chunk.number, checkpoint }, tx);
  });
  return { ...counts, checkpoint };
}

function idsOf(images: readonly CatalogImage[]): string[] {
  return images.map((image) => image.id);
}

function toLink(image: CatalogImage) {
  return {
    imageId: image.id,
    productId: image.productId,
    imageUrl: image.url,
    isMain: image.isMain,
    sourceUpdatedAt: image.updatedAt,
  };
}

function toRow({ image, vector }: Extract<ImageOutcome, { kind: 'embedded' }>): EmbeddingRow {
  return { ...toLink(image), vector };
}

function toFailure({ image, error }: Extract<ImageOutcome, { kind: 'failed' }>) {
  return {
    imageId: image.id,
    productId: image.productId,
    imageUrl: image.url,
    reason: error.reason,
    message: error.message,
    httpStatus: error.httpStatus,
  };
}
