import type { CatalogImage } from '../types.js';
import type { BackfillScope } from './backfill-run.js';
import type { KnownFailure } from './failure-store.js';
import type { StoredEmbedding, StoredImage } from './vector/embedding-row.js';

/**
 * What is to be done about an image:
 *
 * - `needed`    to be fetched and embedded;
 * - `relinked`  the vector is current, but the image belongs to another product now, or is no longer or newly the main one;
 * - `current`   nothing: its embedding is current;
 * - `left`      nothing: it has no current embedding, but is none of the run's, or its failure has to be waited for;
 * - `done`      nothing, and it is counted already: this run embedded it, or failed to, before it was interrupted.
 */
export type ImageTask = 'needed' | 'relinked' | 'current' | 'left' | 'done';

/** What is known of a page of images before any of them is fetched. */
export interface KnownImages {
  /** What the model has of them, by image id. */
  stored: ReadonlyMap<string, StoredEmbedding>;
  /** Those that could not be embedded. */
  failed: ReadonlyMap<string, KnownFailure>;
  /** Those that this run has failed to embed. */
  failedHere: ReadonlySet<string>;
}

/** @param run - `id` is null for a run that is only thought of. */
export function sortImage(
  image: CatalogImage,
  known: KnownImages,
  run: { id: string | null; scope: BackfillScope },
): ImageTask {
  const stored = known.stored.get(image.id);
  const failure = known.failed.get(image.id);
  const isCurrent = stored !== undefined && !isStale(stored, image);
  if (known.failedHere.has(image.id)) return 'done';
  if (isCurrent && run.id !== null && stored.backfillId === run.id) return 'done';
  if (isInScope(run.scope, { isCurrent, isStored: stored !== undefined, failure, image })) return 'needed';
  if (!isCurrent) return 'left';
  return stored.productId !== image.productId || stored.isMain !== image.isMain ? 'relinked' : 'current';
}

interface Facts {
  isCurrent: boolean;
  isStored: boolean;
  failure: KnownFailure | undefined;
  image: CatalogImage;
}

function isInScope(scope: BackfillScope, { isCurrent, isStored, failure, image }: Facts): boolean {
  switch (scope) {
    case 'ALL':
      return true;
    case 'FAILED':
      return failure !== undefined && !isCurrent;
    case 'STALE':
      return isStored && !isCurrent && !hasToWait(failure, image);
    case 'MISSING':
      return !isCurrent && !hasToWait(failure, image);
  }
}

/** A failure stands for the image as it was when it was tried. */
function hasToWait(failure: KnownFailure | undefined, image: CatalogImage): boolean {
  return failure !== undefined && !failure.isDue && !isStale(failure, image);
}

/** Whether the catalogue's image may look different from what was embedded or tried. */
export function isStale(known: Pick<StoredImage, 'imageUrl' | 'sourceUpdatedAt'>, image: CatalogImage): boolean {
  return known.imageUrl !== image.url || known.sourceUpdatedAt !== image.updatedAt;
}
