import type { CatalogImage, ImageScope } from '../types.js';
import type { BackfillScope } from './backfill-run.js';
import type { BackfillStore } from './backfill-store.js';
import type { Catalog } from './catalog/catalog.js';
import type { FailureStore } from './failure-store.js';
import { sortImage } from './sort-image.js';
import type { EmbeddingStore } from './vector/embedding-store.js';

/** What a run would do as things stand. */
export interface BackfillEstimate {
  kind: 'estimate';
  /** Images that it would go over. */
  total: number;
  /** Images that it would fetch and embed. */
  toEmbed: number;
  /** Images that it would leave alone because their failure has to be waited for, or because they are not in its scope. */
  left: number;
  /** Images that it would only say something new of, such as another product. */
  toRelink: number;
  /** Images that have an embedding, current or not. */
  stored: number;
  /** How long that would take at the speed of the model's last run; null where there was none. */
  seconds: number | null;
}

export interface EstimateParts {
  imageScope: ImageScope;
  catalog: Catalog;
  embeddings: EmbeddingStore;
  failures: FailureStore;
  runs: BackfillStore;
}

const PAGE_SIZE = 5000;

/** Goes over the images as a run would, and embeds none of them. */
export async function estimateBackfill(
  parts: EstimateParts,
  request: { model: string; scope: BackfillScope; productIds: readonly string[] | null },
  signal?: AbortSignal,
): Promise<BackfillEstimate> {
  const estimate: BackfillEstimate = {
    kind: 'estimate',
    total: 0,
    toEmbed: 0,
    left: 0,
    toRelink: 0,
    stored: 0,
    seconds: null,
  };
  for await (const page of pages(parts, request.productIds)) {
    signal?.throwIfAborted();
    const ids = page.map(({ id }) => id);
    const [stored, failed] = await Promise.all([
      parts.embeddings.storedImages({ name: request.model }, ids),
      parts.failures.knownAmong(request.model, ids),
    ]);
    for (const image of page) {
      const task = sortImage(image, { stored, failed, failedHere: new Set() }, { id: null, scope: request.scope });
      estimate.toEmbed += task === 'needed' ? 1 : 0;
      estimate.left += task === 'left' ? 1 : 0;
      estimate.toRelink += task === 'relinked' ? 1 : 0;
    }
    estimate.total += page.length;
    estimate.stored += stored.size;
  }
  // Such a run goes over what has failed, and over nothing else.
  if (request.scope === 'FAILED') Object.assign(estimate, { total: estimate.toEmbed, left: 0 });
  const rate = await parts.runs.lastRate(request.model);
  return { ...estimate, seconds: rate === null || rate <= 0 ? null : estimate.toEmbed / rate };
}

async function* pages(
  { catalog, imageScope: scope }: EstimateParts,
  productIds: readonly string[] | null,
): AsyncGenerator<CatalogImage[], void, undefined> {
  if (productIds !== null) {
    const found = [...(await catalog.imagesOfProducts(productIds)).values()].flat();
    // Two spellings of one product's id name the same images.
    const images = new Map(found.map((image) => [image.id, image]));
    const inScope = await catalog.imagesInScope([...images.keys()], scope);
    yield [...images.values()].filter(({ id }) => inScope.has(id));
    return;
  }
  for (let after: string | null = null; ;) {
    const page: CatalogImage[] = await catalog.imagePage({ scope, after, until: null, limit: PAGE_SIZE });
    yield page;
    after = page.at(-1)?.id ?? null;
    if (page.length < PAGE_SIZE) return;
  }
}
