import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddingStore } from '../../src/services/vector/embedding-store.js';
import { startTestDatabase, type TestDatabase } from '../support/database.js';
import { embeddingRow, makeEmbeddingStore, newModel } from '../support/embedding-rows.js';
import { cosine, vectorNear, vectorOf } from '../support/vectors.js';

let db: TestDatabase;
let store: EmbeddingStore;

beforeAll(async () => {
  db = await startTestDatabase();
  store = makeEmbeddingStore(db);
});
afterAll(() => db.close());

describe('a search', () => {
  const query = vectorOf(0, 8);

  it('by vector finds the most alike first, with their cosine', async () => {
    const model = await newModel(store);
    const vectors = [0.2, 1.5, 0, 0.7].map((distance, index) => vectorNear(query, index + 1, distance));
    await store.upsert(
      model,
      vectors.map((vector, index) => embeddingRow(String(index), vector)),
    );
    const matches = await store.nearestToVector(model, query, { limit: 3 });
    const expected = vectors
      .map((vector, index) => ({ imageId: String(index), similarity: cosine(vector, query) }))
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, 3);
    expect(matches.map(({ imageId }) => imageId)).toEqual(expected.map(({ imageId }) => imageId));
    for (const [index, { similarity }] of matches.entries()) {
      expect(similarity).toBeCloseTo(expected[index]?.similarity ?? NaN, 2);
      expect(similarity).toBeLessThanOrEqual(1);
    }
  });

  it('by vector leaves out the product it is told to', async () => {
    const model = await newModel(store);
    await store.upsert(model, [embeddingRow('a', query, { productId: 'mine' }), embeddingRow('b', vectorOf(2, 8))]);
    const matches = await store.nearestToVector(model, query, { limit: 5, excludedProductId: 'mine' });
    expect(matches.map(({ imageId }) => imageId)).toEqual(['b']);
  });

  it('by vector finds nothing where nothing is embedded', async () => {
    expect(await store.nearestToVector(await newModel(store), query, { limit: 5 })).toEqual([]);
  });

  it('by product starts from its main image and leaves out its own', async () => {
    const model = await newModel(store);
    await store.upsert(model, [
      embeddingRow('0', vectorOf(50, 8), { productId: 'mug', isMain: false }),
      embeddingRow('1', query, { productId: 'mug' }),
      embeddingRow('2', vectorNear(query, 3, 0.1), { productId: 'cup' }),
      embeddingRow('3', vectorOf(50, 8), { productId: 'lamp' }),
    ]);
    const matches = await store.nearestToProduct(model, 'mug', { limit: 5 });
    expect(matches?.map(({ productId }) => productId)).toEqual(['cup', 'lamp']);
  });

  it('by product takes another image where the main one is not embedded', async () => {
    const model = await newModel(store);
    await store.upsert(model, [
      embeddingRow('1', query, { productId: 'mug', isMain: false }),
      embeddingRow('2', query, { productId: 'cup' }),
    ]);
    const matches = await store.nearestToProduct(model, 'mug', { limit: 5 });
    expect(matches?.map(({ productId }) => productId)).toEqual(['cup']);
  });

  it('by product is null where the product has no embedding, and empty where no other has', async () => {
    const model = await newModel(store);
    await store.upsert(model, [embeddingRow('1', query, { productId: 'mug' })]);
    expect(await store.nearestToProduct(model, 'cup', { limit: 5 })).toBeNull();
    expect(await store.nearestToProduct(model, 'mug', { limit: 5 })).toEqual([]);
  });

  it('refuses a vector of another model before it reaches the database', async () => {
    const model = await newModel(store);
    await expect(store.nearestToVector(model, vectorOf(1, 4), { limit: 5 })).rejects.toThrow(
      `A vector of "${model.name}" has 8 numbers, and this one has 4.`,
    );
  });
});
