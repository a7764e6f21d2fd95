import type { Queryable } from '../db/database.js';
import type { CountsAdded, StageSums } from '../services/backfill-run.js';
import type { NewImageFailure } from '../services/failure-store.js';
import type { Validators } from '../services/images/image-source.js';
import type { ImageTask } from '../services/sort-image.js';
import type { StoredEmbedding, StoredImage } from '../services/vector/embedding-row.js';
import type { CatalogImage } from '../types.js';
import type { BackfillParts } from './backfill-parts.js';
import type { ImageOutcome } from './embed-image.js';
import { finishJob } from './finish-job.js';
import type { HeldJob } from './held-job.js';
import { nextTrySeconds } from './next-try.js';

/** An image that is done, with what came of it where it was fetched. */
export interface Settled {
  image: CatalogImage;
  kind: ImageTask;
  /** What was stored of it before. */
  stored: StoredEmbedding | null;
  /** How often it had been tried in vain before; 0 where it has no failure. */
  attemptsBefore: number;
  outcome: ImageOutcome | null;
}

/** What one transaction stores of a chunk. */
export interface ChunkPart {
  held: HeldJob;
  settled: readonly Settled[];
  /** The key up to which the chunk is done without a gap; null where nothing new is. */
  checkpoint: string | null;
  /** Images passed that did not have to be embedded. */
  skipped: number;
  /** Whether this is the last of the chunk. */
  isDone: boolean;
}

/** What was stored, and the jobs that turned out to be lost: nothing of theirs was. */
export interface StoredBatch {
  counts: CountsAdded;
  lost: HeldJob[];
}

/**
 * Stores what is done of some chunks of one run: embeddings, failures, counts, checkpoints, and the end of chunks that are
 * done, in one transaction. It begins with the run's row and the fence, so that of a job that another worker has nothing is
 * stored; and an image that this run has stored already, by whichever chunk or worker, is not stored or counted again.
 */
export async function storeBatch(
  parts: BackfillParts,
  batch: { backfillId: string; chunks: readonly ChunkPart[] },
): Promise<StoredBatch> {
  const startedMs = performance.now();
  return parts.database.transaction(async (tx) => {
    const state = await parts.runs.lock(batch.backfillId, tx);
    const kept = await parts.jobs.renew(
      batch.chunks.map(({ held }) => held.job),
      tx,
    );
    const chunks = batch.chunks
      .filter(({ held }) => kept.has(held.job.number))
      .map((chunk) => withoutCounted(chunk, kept.get(chunk.held.job.number) ?? null));
    const lost = batch.chunks.filter(({ held }) => !kept.has(held.job.number)).map(({ held }) => held);
    const counts = await storeImages(parts, { backfillId: batch.backfillId, chunks, startedMs }, tx);
    for (const { held, checkpoint, isDone } of chunks) {
      const { run, job } = held;
      await parts.jobs.saveCheckpoint(job, checkpoint, tx);
      if (!isDone) continue;
      const target = { id: run.id, model: run.model, isPaused: state === 'PAUSED' };
      await finishJob(parts, { job, target }, tx);
    }
    return { counts, lost };
  });
}

/** A commit whose answer was lost is tried again: what it skipped up to its checkpoint is counted already. */
function withoutCounted(chunk: ChunkPart, storedCheckpoint: string | null): ChunkPart {
  const isCounted = chunk.checkpoint !== null && chunk.checkpoint === storedCheckpoint;
  return isCounted ? { ...chunk, skipped: 0 } : chunk;
}

interface Images {
  backfillId: string;
  chunks: readonly ChunkPart[];
  startedMs: number;
}

async function storeImages(parts: BackfillParts, images: Images, tx: Queryable): Promise<CountsAdded> {
  const { backfillId, chunks, startedMs } = images;
  const settled = onceEach(chunks.flatMap((chunk) => chunk.settled));
  const before = await storedBefore(parts, backfillId, settled, tx);
  const embedded = await storeEmbedded(parts, { backfillId, settled, before }, tx);
  const failed = await storeFailed(parts, { backfillId, settled, before }, tx);
  await relink(parts, settled, tx);
  await forgetFailures(parts, settled, tx);
  const mended = await strikeMended(parts, { backfillId, settled, before }, tx);
  const skipped = chunks.reduce((sum, chunk) => sum + chunk.skipped, 0);
  const counts = { embedded: embedded.length, skipped, failed: failed - mended };
  const processed = counts.embedded + counts.skipped + counts.failed;
  if (processed > 0) {
    await parts.runs.addCounts(backfillId, counts, tx);
    await parts.runs.addSample(backfillId, processed, tx);
  }
  if (embedded.length > 0) {
    const storeMs = performance.now() - startedMs;
    await parts.runs.addStageTimes(backfillId, { ...sumOf(embedded), storeMs }, tx);
  }
  return counts;
}

/** An image may be in two chunks, one of them for another try: what came first of it counts. */
function onceEach(settled: readonly Settled[]): Settled[] {
  return [...new Map(settled.toReversed().map((one) => [one.image.id, one])).values()];
}

type Outcome<Kind extends ImageOutcome['kind']> = Extract<ImageOutcome, { kind: Kind }>;

function outcomesOf<Kind extends ImageOutcome['kind']>(
  settled: readonly Settled[],
  kind: Kind,
): (Settled & { outcome: Outcome<Kind> })[] {
  return settled.filter((one): one is Settled & { outcome: Outcome<Kind> } => one.outcome?.kind === kind);
}

interface StoredBefore {
  embedded: ReadonlySet<string>;
  failed: ReadonlySet<string>;
}

/** What this run has stored of these images already. */
async function storedBefore(
  { embeddings, runFailures, model }: BackfillParts,
  backfillId: string,
  settled: readonly Settled[],
  tx: Queryable,
): Promise<StoredBefore> {
  const imageIds = settled.filter(({ outcome }) => outcome !== null).map(({ image }) => image.id);
  if (imageIds.length === 0) return { embedded: new Set(), failed: new Set() };
  const embedded = await embeddings.embeddedIn(model, { backfillId, imageIds }, tx);
  return { embedded, failed: await runFailures.failedIn(backfillId, imageIds, tx) };
}

interface ToStore {
  backfillId: string;
  settled: readonly Settled[];
  before: StoredBefore;
}

async function storeEmbedded(
  parts: BackfillParts,
  { backfillId, settled, before }: ToStore,
  tx: Queryable,
): Promise<Outcome<'embedded'>[]> {
  const outcomes = outcomesOf(settled, 'embedded')
    .map(({ outcome }) => outcome)
    .filter(({ image }) => !before.embedded.has(image.id));
  if (outcomes.length === 0) return [];
  const rows = outcomes.map(({ image, vector, contentHash, validators }) => {
    return { ...toStoredImage(image), ...validators, contentHash, backfillId, vector };
  });
  await parts.embeddings.upsert(parts.model, rows, tx);
  return outcomes;
}

/** Takes images off the run's list of failures that are embedded after all. @returns How many. */
async function strikeMended(
  parts: BackfillParts,
  { backfillId, settled, before }: ToStore,
  tx: Queryable,
): Promise<number> {
  const mended = settled
    .filter(({ image, outcome }) => outcome !== null && outcome.kind !== 'failed' && before.failed.has(image.id))
    .map(({ image }) => image.id);
  if (mended.length > 0) await parts.runFailures.remove(backfillId, mended, tx);
  return mended.length;
}

/** @returns How many images failed that this run had not counted as failed. */
async function storeFailed(
  parts: BackfillParts,
  { backfillId, settled, before }: ToStore,
  tx: Queryable,
): Promise<number> {
  const failed = outcomesOf(settled, 'failed').filter(({ image }) => !before.embedded.has(image.id));
  if (failed.length === 0) return 0;
  const model = parts.model.name;
  const imageIds = failed.map(({ image }) => image.id);
  await parts.failures.record(model, failed.map(toFailure), tx);
  await parts.runFailures.record({ backfillId, model }, imageIds, tx);
  return imageIds.filter((id) => !before.failed.has(id)).length;
}

/** The vectors of these are right as they are: only what is said of them has changed. */
async function relink(parts: BackfillParts, settled: readonly Settled[], tx: Queryable): Promise<void> {
  const relinked = settled.filter(({ kind }) => kind === 'relinked');
  const unchanged = outcomesOf(settled, 'unchanged');
  const rows: (StoredImage & Validators)[] = [
    ...relinked.map(({ image, stored }) => {
      return { ...toStoredImage(image), etag: stored?.etag ?? null, lastModified: stored?.lastModified ?? null };
    }),
    ...unchanged.map(({ image, outcome }) => ({ ...toStoredImage(image), ...outcome.validators })),
  ];
  if (rows.length > 0) await parts.embeddings.relink(parts.model, rows, tx);
}

/** A failure stands for what is not embedded; these are, whatever went wrong with them before. */
async function forgetFailures(parts: BackfillParts, settled: readonly Settled[], tx: Queryable): Promise<void> {
  const ids = settled
    .filter(({ attemptsBefore, kind, outcome }) => {
      return attemptsBefore > 0 && kind !== 'left' && outcome?.kind !== 'failed';
    })
    .map(({ image }) => image.id);
  if (ids.length > 0) await parts.failures.clear(parts.model.name, ids, tx);
}

function sumOf(embedded: readonly Outcome<'embedded'>[]): StageSums {
  const sum = (of: (times: StageSums) => number) => embedded.reduce((total, { times }) => total + of(times), 0);
  return {
    downloadMs: sum((times) => times.downloadMs),
    decodeMs: sum((times) => times.decodeMs),
    encodeMs: sum((times) => times.encodeMs),
  };
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

function toFailure({ image, outcome, attemptsBefore }: Settled & { outcome: Outcome<'failed'> }): NewImageFailure {
  const { error, attempts } = outcome;
  return {
    imageId: image.id,
    productId: image.productId,
    imageUrl: image.url,
    sourceUpdatedAt: image.updatedAt,
    reason: error.reason,
    message: error.message,
    httpStatus: error.httpStatus,
    attempts,
    nextTrySeconds: nextTrySeconds(error, attemptsBefore + attempts),
  };
}
