import type { NewJob } from './backfill-job.js';

/**
 * Images a chunk: half a minute of work on a CPU. A worker asks for the next one when it is nearly through with one, so that is
 * how long a chunk waits that a dead worker had, once its lease has run out.
 */
export const CHUNK_SIZE = 250;

/** Chunks that go over the images listed, in their order. */
export function chunksOf(imageIds: readonly string[]): NewJob[] {
  const chunks: NewJob[] = [];
  for (let start = 0; start < imageIds.length; start += CHUNK_SIZE) {
    chunks.push({ kind: 'CHUNK', extent: { kind: 'images', imageIds: imageIds.slice(start, start + CHUNK_SIZE) } });
  }
  return chunks;
}

/** Chunks between these keys; the last one is open, for what is added meanwhile. */
export function chunksBetween(ends: readonly string[]): NewJob[] {
  const untils = [...ends.slice(0, -1), null];
  return untils.map((until, index): NewJob => {
    return { kind: 'CHUNK', extent: { kind: 'range', after: untils[index - 1] ?? null, until } };
  });
}
