import type { NewJob } from './backfill-job.js';

/** Images a chunk: a minute or two of work on a CPU, so that little waits behind any one of them. */
export const CHUNK_SIZE = 1000;

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
