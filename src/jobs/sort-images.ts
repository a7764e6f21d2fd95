import type { BackfillScope } from '../services/backfill-store.js';
import { isStale } from '../services/coverage.js';
import type { StoredImage } from '../services/vector/embedding-store.js';
import type { CatalogImage } from '../types.js';

/** A page of catalogue images by what has to be done about each. */
export interface SortedImages {
  /** To be fetched and embedded: new, changed, or everything where the run embeds all again. */
  needed: CatalogImage[];
  /** The vector is current, but the image belongs to another product now, or is no longer or newly the main one. */
  relinked: CatalogImage[];
  /** Nothing to do. */
  current: CatalogImage[];
}

/** @param stored - what the model has of these images, by image id. */
export function sortImages(
  page: readonly CatalogImage[],
  stored: ReadonlyMap<string, StoredImage>,
  scope: BackfillScope,
): SortedImages {
  const sorted: SortedImages = { needed: [], relinked: [], current: [] };
  for (const image of page) {
    const known = scope === 'ALL' ? undefined : stored.get(image.id);
    if (known === undefined || isStale(known, image)) sorted.needed.push(image);
    else if (isRelinked(known, image)) sorted.relinked.push(image);
    else sorted.current.push(image);
  }
  return sorted;
}

function isRelinked(stored: StoredImage, image: CatalogImage): boolean {
  return stored.productId !== image.productId || stored.isMain !== image.isMain;
}
