import type { BackfillRun } from '../services/backfill-run.js';
import { isStale } from '../services/coverage.js';
import type { StoredEmbedding } from '../services/vector/embedding-store.js';
import type { CatalogImage } from '../types.js';

/**
 * What is to be done about an image:
 *
 * - `needed`    to be fetched and embedded: new, changed, or any where the run embeds all again;
 * - `relinked`  the vector is current, but the image belongs to another product now, or is no longer or newly the main one;
 * - `current`   nothing;
 * - `done`      nothing, and it is counted already: this run embedded it, or failed to, before it was interrupted.
 */
export type ImageTask = 'needed' | 'relinked' | 'current' | 'done';

/** What is known of a page of images before any of them is fetched. */
export interface KnownImages {
  /** What the model has of them, by image id. */
  stored: ReadonlyMap<string, StoredEmbedding>;
  /** Those that could not be embedded, with the run that met them last. */
  failed: ReadonlyMap<string, string | null>;
}

export function sortImage(image: CatalogImage, known: KnownImages, run: Pick<BackfillRun, 'id' | 'scope'>): ImageTask {
  const stored = known.stored.get(image.id);
  if (known.failed.get(image.id) === run.id) return 'done';
  if (stored === undefined || isStale(stored, image)) return 'needed';
  if (stored.backfillId === run.id) return 'done';
  if (run.scope === 'ALL') return 'needed';
  return stored.productId !== image.productId || stored.isMain !== image.isMain ? 'relinked' : 'current';
}
