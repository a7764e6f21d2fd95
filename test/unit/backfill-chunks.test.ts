import { describe, expect, it } from 'vitest';
import { chunksBetween, chunksOf } from '../../src/services/backfill-chunks.js';

describe('chunks between keys', () => {
  it('follow each other without a gap, and the last one is open', () => {
    expect(chunksBetween(['10', '20', '27'])).toEqual([
      { kind: 'CHUNK', extent: { kind: 'range', after: null, until: '10' } },
      { kind: 'CHUNK', extent: { kind: 'range', after: '10', until: '20' } },
      { kind: 'CHUNK', extent: { kind: 'range', after: '20', until: null } },
    ]);
  });

  it('are one open chunk where there is no key yet', () => {
    expect(chunksBetween([])).toEqual([{ kind: 'CHUNK', extent: { kind: 'range', after: null, until: null } }]);
  });
});

describe('chunks of images', () => {
  it('have every image once, in order, and 250 at most', () => {
    const ids = Array.from({ length: 501 }, (_, index) => String(index));
    const extents = chunksOf(ids).flatMap((job) => (job.kind === 'CHUNK' ? [job.extent] : []));
    const lists = extents.flatMap((extent) => (extent.kind === 'images' ? [extent.imageIds] : []));
    expect(lists.map((list) => list.length)).toEqual([250, 250, 1]);
    expect(lists.flat()).toEqual(ids);
  });

  it('are none where there are no images', () => {
    expect(chunksOf([])).toEqual([]);
  });
});
