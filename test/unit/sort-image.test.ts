import { describe, expect, it } from 'vitest';
import { sortImage } from '../../src/jobs/sort-image.js';
import type { StoredEmbedding } from '../../src/services/vector/embedding-store.js';
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
  backfillId: 'an earlier run',
};

function sort(given: {
  image?: Partial<CatalogImage>;
  stored?: StoredEmbedding | null;
  hasFailed?: boolean;
  scope?: 'MISSING' | 'ALL';
}): string {
  const known = given.stored === null ? [] : [['1', given.stored ?? stored] as const];
  return sortImage(
    { ...image, ...given.image },
    { stored: new Map(known), failed: new Map(given.hasFailed ? [['1', 'this run']] : []) },
    { id: 'this run', scope: given.scope ?? 'MISSING' },
  );
}

describe('sortImage', () => {
  it('finds an image that is not embedded in need of it', () => {
    expect(sort({ stored: null })).toBe('needed');
  });

  it('leaves an image alone that is embedded as it is now', () => {
    expect(sort({})).toBe('current');
  });

  it.each<[string, Partial<CatalogImage>]>([
    ['another URL', { url: 'b.jpg' }],
    ['a later time of change', { updatedAt: '2026-01-01T00:00:00.000001Z' }],
    ['no time of change any more', { updatedAt: null }],
  ])('finds an image in need that has %s', (_what, change) => {
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
  });

  it.each(['MISSING', 'ALL'] as const)(
    'takes what this run embedded before it was interrupted for done: %s',
    (scope) => {
      expect(sort({ scope, stored: { ...stored, backfillId: 'this run' } })).toBe('done');
    },
  );

  it('tries an image once a run', () => {
    expect(sort({ stored: null, hasFailed: true })).toBe('done');
  });
});
