import { describe, expect, it } from 'vitest';
import { sortImages } from '../../src/jobs/sort-images.js';
import type { StoredImage } from '../../src/services/vector/embedding-store.js';
import type { CatalogImage } from '../../src/types.js';

const image: CatalogImage = {
  id: '1',
  productId: 'p',
  url: 'a.jpg',
  isMain: true,
  updatedAt: '2026-01-01T00:00:00.000000Z',
};

const stored: StoredImage = {
  imageId: '1',
  productId: 'p',
  imageUrl: 'a.jpg',
  isMain: true,
  sourceUpdatedAt: '2026-01-01T00:00:00.000000Z',
};

const known = new Map([['1', stored]]);

describe('sortImages', () => {
  it('finds an image that is not embedded in need of it', () => {
    expect(sortImages([image], new Map(), 'MISSING')).toEqual({ needed: [image], relinked: [], current: [] });
  });

  it('leaves an image alone that is embedded as it is now', () => {
    expect(sortImages([image], known, 'MISSING')).toEqual({ needed: [], relinked: [], current: [image] });
  });

  it.each<[string, Partial<CatalogImage>]>([
    ['another URL', { url: 'b.jpg' }],
    ['a later time of change', { updatedAt: '2026-01-01T00:00:00.000001Z' }],
    ['no time of change any more', { updatedAt: null }],
  ])('finds an image in need that has %s', (_what, change) => {
    const changed = { ...image, ...change };
    expect(sortImages([changed], known, 'MISSING').needed).toEqual([changed]);
  });

  it.each<[string, Partial<CatalogImage>]>([
    ['another product', { productId: 'q' }],
    ['no main image any more', { isMain: false }],
  ])('keeps the vector of an image that is of %s', (_what, change) => {
    const changed = { ...image, ...change };
    expect(sortImages([changed], known, 'MISSING')).toEqual({ needed: [], relinked: [changed], current: [] });
  });

  it('finds every image in need where all are embedded again', () => {
    expect(sortImages([image], known, 'ALL').needed).toEqual([image]);
  });
});
