import { describe, expect, it } from 'vitest';
import type { BackfillScope } from '../../src/services/backfill-run.js';
import type { KnownFailure } from '../../src/services/failure-store.js';
import { sortImage } from '../../src/services/sort-image.js';
import type { StoredEmbedding } from '../../src/services/vector/embedding-row.js';
import type { CatalogImage } from '../../src/types.js';

const image: CatalogImage = {
  id: '1',
  productId: 'p',
  url: 'a.jpg',
  isMain: true,
  updatedAt: '2026-01-01T00:00:00.000000Z',
};

const stored: StoredEmbedding = {
  imageId: '1',
  productId: 'p',
  imageUrl: 'a.jpg',
  isMain: true,
  sourceUpdatedAt: '2026-01-01T00:00:00.000000Z',
  contentHash: null,
  etag: null,
  lastModified: null,
  backfillId: 'an earlier run',
};

/** A failure of the image as it is now, which has to be waited for. */
const failure: KnownFailure = {
  imageUrl: 'a.jpg',
  sourceUpdatedAt: '2026-01-01T00:00:00.000000Z',
  attempts: 1,
  isDue: false,
};

interface Given {
  image?: Partial<CatalogImage>;
  stored?: StoredEmbedding | null;
  failure?: KnownFailure;
  hasFailedHere?: boolean;
  scope?: BackfillScope;
  runId?: string | null;
}

function sort(given: Given): string {
  const row = given.stored === undefined ? stored : given.stored;
  return sortImage(
    { ...image, ...given.image },
    {
      stored: new Map(row === null ? [] : [['1', row]]),
      failed: new Map(given.failure === undefined ? [] : [['1', given.failure]]),
      failedHere: new Set(given.hasFailedHere ? ['1'] : []),
    },
    { id: given.runId === undefined ? 'this run' : given.runId, scope: given.scope ?? 'MISSING' },
  );
}

const CHANGES: [string, Partial<CatalogImage>][] = [
  ['another URL', { url: 'b.jpg' }],
  ['a later time of change', { updatedAt: '2026-01-01T00:00:00.000001Z' }],
  ['no time of change any more', { updatedAt: null }],
];

const SCOPES: BackfillScope[] = ['MISSING', 'STALE', 'FAILED', 'ALL'];

describe('sortImage', () => {
  it('finds an image that is not embedded in need of it', () => {
    expect(sort({ stored: null })).toBe('needed');
  });

  it('leaves an image alone that is embedded as it is now', () => {
    expect(sort({})).toBe('current');
  });

  it.each(CHANGES)('finds an image in need that has %s', (_what, change) => {
    expect(sort({ image: change })).toBe('needed');
    expect(sort({ image: change, stored: { ...stored, backfillId: 'this run' } })).toBe('needed');
  });

  it.each<[string, Partial<CatalogImage>]>([
    ['another product', { productId: 'q' }],
    ['no main image any more', { isMain: false }],
  ])('keeps the vector of an image that is of %s', (_what, change) => {
    expect(sort({ image: change })).toBe('relinked');
  });

  it('finds every image in need where all are embedded again', () => {
    expect(sort({ scope: 'ALL' })).toBe('needed');
    expect(sort({ scope: 'ALL', stored: null, failure })).toBe('needed');
  });

  it.each(SCOPES)('takes what this run embedded before it was interrupted for done: %s', (scope) => {
    expect(sort({ scope, stored: { ...stored, backfillId: 'this run' } })).toBe('done');
  });

  it('takes nothing for done where the run is only thought of', () => {
    expect(sort({ runId: null, scope: 'ALL', stored: { ...stored, backfillId: null } })).toBe('needed');
  });

  it.each(SCOPES)('tries an image once a run: %s', (scope) => {
    expect(sort({ scope, stored: null, hasFailedHere: true })).toBe('done');
  });
});

describe('an image that could not be embedded', () => {
  it.each(['MISSING', 'STALE'] as const)('is left until its failure is due: %s', (scope) => {
    const changed = { ...stored, imageUrl: 'old.jpg' };
    expect(sort({ scope, stored: changed, failure })).toBe('left');
    expect(sort({ scope, stored: changed, failure: { ...failure, isDue: true } })).toBe('needed');
  });

  it.each(CHANGES)('is tried at once where it has %s', (_what, change) => {
    expect(sort({ image: change, stored: null, failure })).toBe('needed');
  });

  it('is tried at once where failures are asked for, and nothing else is', () => {
    expect(sort({ scope: 'FAILED', stored: null, failure })).toBe('needed');
    expect(sort({ scope: 'FAILED', stored: null })).toBe('left');
    expect(sort({ scope: 'FAILED' })).toBe('current');
  });

  it('is left alone where it is as it was when it was embedded', () => {
    expect(sort({ failure })).toBe('current');
    expect(sort({ scope: 'FAILED', failure })).toBe('current');
  });
});

describe('an image that was never embedded', () => {
  it('is none of a run over changed ones', () => {
    expect(sort({ scope: 'STALE', stored: null })).toBe('left');
    expect(sort({ scope: 'STALE', stored: { ...stored, imageUrl: 'old.jpg' } })).toBe('needed');
  });
});
