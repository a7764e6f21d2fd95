import type { ImageScope } from '../types.js';
import type { BackfillParts } from './embed-chunk.js';

const PAGE_SIZE = 2000;

/**
 * Removes what the catalogue no longer has: embeddings and failures of images that were deleted, or that are no longer
 * the main one where only main images are embedded.
 *
 * A catalogue without a single image is taken for a mistake (a wrong view, a restore under way), and nothing is removed.
 *
 * @returns How many embeddings were removed.
 */
export async function sweepLeftImages(parts: BackfillParts, scope: ImageScope, signal: AbortSignal): Promise<number> {
  const { catalog, embeddings, failures, model } = parts;
  if ((await catalog.countImages(scope)) === 0) return 0;
  let removed = 0;
  for await (const ids of idPages((after) => embeddings.imageIdsAfter(model, after, PAGE_SIZE))) {
    signal.throwIfAborted();
    const gone = await idsThatLeft(parts, scope, ids);
    if (gone.length > 0) await embeddings.removeImages(model, gone);
    removed += gone.length;
  }
  if (removed > 0) await embeddings.touch(model);
  for await (const ids of idPages((after) => failures.imageIdsAfter(model.name, after, PAGE_SIZE))) {
    signal.throwIfAborted();
    const gone = await idsThatLeft(parts, scope, ids);
    if (gone.length > 0) await failures.clear(model.name, gone);
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

async function idsThatLeft(parts: BackfillParts, scope: ImageScope, ids: readonly string[]): Promise<string[]> {
  const kept = await parts.catalog.imagesInScope(ids, scope);
  return ids.filter((id) => !kept.has(id));
}
