import type { Queryable } from '../db/database.js';
import { LeaseLostError, type BackfillParts } from './backfill-parts.js';
import { holdsJob } from './finish-job.js';
import type { HeldJob } from './held-job.js';

const PAGE_SIZE = 2000;

/**
 * Removes what the catalogue no longer has: embeddings and failures of images that were deleted, or that are no longer
 * the main one where only main images are embedded.
 *
 * A catalogue without a single image is taken for a mistake (a wrong view, a restore under way), and nothing is removed.
 *
 * @returns How many embeddings were removed.
 * @throws LeaseLostError where the job is no longer this worker's: what it read may be out of date.
 */
export async function sweepLeftImages(parts: BackfillParts, held: HeldJob): Promise<number> {
  const { catalog, embeddings, failures, models, model } = parts;
  const { imageScope } = held.run;
  if ((await catalog.countImages(imageScope)) === 0) return 0;
  let removed = 0;
  for await (const ids of idPages((after) => embeddings.imageIdsAfter(model, after, PAGE_SIZE))) {
    const gone = await idsThatLeft(parts, held, ids);
    await whileHeld(parts, held, gone, (tx) => embeddings.removeImages(model, gone, tx));
    removed += gone.length;
  }
  if (removed > 0) await models.touch(model.name);
  for await (const ids of idPages((after) => failures.imageIdsAfter(model.name, after, PAGE_SIZE))) {
    const gone = await idsThatLeft(parts, held, ids);
    await whileHeld(parts, held, gone, (tx) => failures.clear(model.name, gone, tx));
  }
  return removed;
}

async function* idPages(readAfter: (after: string | null) => Promise<string[]>): AsyncGenerator<string[]> {
  let after: string | null = null;
  for (;;) {
    const ids: string[] = await readAfter(after);
    if (ids.length === 0) return;
    yield ids;
    after = ids.at(-1) ?? null;
  }
}

async function idsThatLeft(parts: BackfillParts, held: HeldJob, ids: readonly string[]): Promise<string[]> {
  held.signal.throwIfAborted();
  const kept = await parts.catalog.imagesInScope(ids, held.run.imageScope);
  return ids.filter((id) => !kept.has(id));
}

async function whileHeld(
  parts: BackfillParts,
  { job }: HeldJob,
  gone: readonly string[],
  act: (tx: Queryable) => Promise<void>,
): Promise<void> {
  if (gone.length === 0) return;
  await parts.database.transaction(async (tx) => {
    await parts.runs.lock(job.backfillId, tx);
    if (!(await holdsJob(parts, job, tx))) throw new LeaseLostError();
    await act(tx);
  });
}
