import type { Catalog } from '../services/catalog/catalog.js';
import type { ImageScope } from '../types.js';

/** Images a chunk: a minute or two of work on a CPU, so that little waits behind any one of them. */
const CHUNK_SIZE = 2000;

export interface BackfillPlan {
  /** Images in the catalogue when the plan was made. */
  total: number;
  /** The last image key of each chunk, in key order; the last chunk is open (null), for what is added meanwhile. */
  ends: (string | null)[];
}

/** Cuts the catalogue's image keys into chunks. An empty catalogue is one open chunk. */
export async function planChunks(catalog: Catalog, scope: ImageScope, chunkSize = CHUNK_SIZE): Promise<BackfillPlan> {
  const [total, ends] = await Promise.all([catalog.countImages(scope), catalog.chunkEnds(scope, chunkSize)]);
  return { total, ends: [...ends.slice(0, -1), null] };
}
