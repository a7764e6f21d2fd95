import type { ChunkExtent } from '../services/backfill-job.js';
import { sortImage, type ImageTask } from '../services/sort-image.js';
import type { StoredEmbedding } from '../services/vector/embedding-row.js';
import type { CatalogImage } from '../types.js';
import type { BackfillParts } from './backfill-parts.js';
import type { FrontierEntry } from './frontier.js';
import type { HeldJob } from './held-job.js';
import { untilAvailable } from './until-available.js';

/** An image of a chunk, what is to be done about it, and its place in the order. */
export interface ImageJob {
  held: HeldJob;
  image: CatalogImage;
  kind: ImageTask;
  entry: FrontierEntry;
  stored: StoredEmbedding | null;
  attemptsBefore: number;
}

/** Images read from the catalogue at a time. */
const PAGE_SIZE = 200;

/**
 * The images of a chunk from its checkpoint on, page by page, as the pipeline asks for more. Ends early where the job is
 * stopped.
 */
export async function* chunkTasks(
  parts: BackfillParts,
  held: HeldJob,
  chunk: { extent: ChunkExtent; checkpoint: string | null },
): AsyncGenerator<ImageJob, void, undefined> {
  try {
    yield* tasksUntilStopped(parts, held, chunk);
  } catch (error) {
    if (!held.signal.aborted) throw error;
  }
}

async function* tasksUntilStopped(
  parts: BackfillParts,
  held: HeldJob,
  chunk: { extent: ChunkExtent; checkpoint: string | null },
): AsyncGenerator<ImageJob, void, undefined> {
  const { signal } = held;
  for await (const page of pages(parts, held, chunk)) {
    for (const job of await untilAvailable(() => toImageJobs(parts, held, page), signal)) {
      signal.throwIfAborted();
      yield job;
    }
    await parts.embedder.wantsMore(signal);
  }
}

async function* pages(
  parts: BackfillParts,
  held: HeldJob,
  { extent, checkpoint }: { extent: ChunkExtent; checkpoint: string | null },
): AsyncGenerator<readonly CatalogImage[], void, undefined> {
  if (extent.kind === 'images')
    yield* listedPages(parts, held, extent.imageIds.slice(placeAfter(extent.imageIds, checkpoint)));
  else yield* rangePages(parts, held, { after: checkpoint ?? extent.after, until: extent.until });
}

function placeAfter(imageIds: readonly string[], checkpoint: string | null): number {
  return checkpoint === null ? 0 : imageIds.indexOf(checkpoint) + 1;
}

async function* rangePages(
  { catalog }: BackfillParts,
  { run, signal }: HeldJob,
  range: { after: string | null; until: string | null },
): AsyncGenerator<readonly CatalogImage[], void, undefined> {
  let { after } = range;
  for (;;) {
    const request = { scope: run.imageScope, after, until: range.until, limit: PAGE_SIZE };
    const page = await untilAvailable(() => catalog.imagePage(request), signal);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    if (page.length < PAGE_SIZE) return;
    after = last.id;
  }
}

async function* listedPages(
  { catalog }: BackfillParts,
  { run, signal }: HeldJob,
  imageIds: readonly string[],
): AsyncGenerator<readonly CatalogImage[], void, undefined> {
  for (let start = 0; start < imageIds.length; start += PAGE_SIZE) {
    const ids = imageIds.slice(start, start + PAGE_SIZE);
    const read = async () => {
      const [images, inScope] = await Promise.all([
        catalog.findImages(ids),
        catalog.imagesInScope(ids, run.imageScope),
      ]);
      return ids.filter((id) => inScope.has(id)).flatMap((id) => images.get(id) ?? []);
    };
    yield await untilAvailable(read, signal);
  }
}

async function toImageJobs(parts: BackfillParts, held: HeldJob, page: readonly CatalogImage[]): Promise<ImageJob[]> {
  const ids = page.map((image) => image.id);
  const [stored, failed, failedHere] = await Promise.all([
    parts.embeddings.storedImages(parts.model, ids),
    parts.failures.knownAmong(parts.model.name, ids),
    parts.runFailures.failedIn(held.run.id, ids),
  ]);
  return page.map((image) => {
    const kind = sortImage(image, { stored, failed, failedHere }, held.run);
    return {
      held,
      image,
      kind,
      entry: held.frontier.add(image.id, kind === 'current' || kind === 'relinked' || kind === 'left'),
      stored: stored.get(image.id) ?? null,
      attemptsBefore: failed.get(image.id)?.attempts ?? 0,
    };
  });
}
