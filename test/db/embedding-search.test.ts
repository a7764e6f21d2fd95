import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddingStore } from '../../src/services/vector/embedding-store.js';
import { startTestDatabase, type TestDatabase } from '../support/database.js';
import { embeddingRow, makeEmbeddingStore, nearest, newModel } from '../support/embedding-rows.js';
import { cosine, vectorNear, vectorOf } from '../support/vectors.js';

let db: TestDatabase;
let store: EmbeddingStore;

beforeAll(async () => {
  db = await startTestDatabase();
  store = makeEmbeddingStore(db);
});
afterAll(() => db.close());

const query = vectorOf(0, 8);

describe('the nearest images', () => {
  it('come with the most alike first, and their distance', async () => {
    const model = await newModel(store);
    const vectors = [0.2, 1.5, 0, 0.7].map((distance, index) => vectorNear(query, index + 1, distance));
    await store.upsert(
      model,
      vectors.map((vector, index) => embeddingRow(String(index), vector)),
    );
    const matches = await nearest(store, model, query, { limit: 3 });
    const expected = vectors
      .map((vector, index) => ({ imageId: String(index), similarity: cosine(vector, query) }))
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, 3);
    expect(matches.map(({ imageId }) => imageId)).toEqual(expected.map(({ imageId }) => imageId));
    for (const [index, { similarity }] of expected.entries()) {
      expect(matches[index]?.distance).toBeCloseTo(-similarity, 2);
    }
  });

  it('are none of the products that are left out, and only of those listed', async () => {
    const model = await newModel(store);
    await store.upsert(model, [
      embeddingRow('a', query, { productId: 'mine' }),
      embeddingRow('b', vectorOf(2, 8)),
      embeddingRow('c', vectorOf(3, 8)),
    ]);
    const idsOf = async (options: object) =>
      (await nearest(store, model, query, options)).map(({ imageId }) => imageId).sort();
    expect(await idsOf({ excludedProductIds: ['mine', 'unknown'] })).toEqual(['b', 'c']);
    expect(await idsOf({ productIds: ['mine', 'pc', 'unknown'] })).toEqual(['a', 'c']);
    expect(await idsOf({ productIds: ['mine', 'pc'], excludedProductIds: ['mine'] })).toEqual(['c']);
    expect(await idsOf({ productIds: [] })).toEqual([]);
  });

  it('go on behind a place, with the other images of their products', async () => {
    const model = await newModel(store);
    const vectors = [0, 0.3, 0.6, 0.9].map((distance) => vectorNear(query, 1, distance));
    await store.upsert(
      model,
      vectors.map((vector, index) =>
        embeddingRow(String(index), vector, { productId: index === 2 ? 'p0' : `p${index}` }),
      ),
    );
    const form = await store.searchForm(model);
    const whole = { form, limit: 2, after: null, productIds: null, excludedProductIds: [] };
    const first = await store.nearest(model, query, whole);
    expect(first.near.map(({ imageId }) => imageId)).toEqual(['0', '1']);
    expect(first.siblings).toEqual([]);
    const second = await store.nearest(model, query, { ...whole, after: first.near[1] ?? null });
    expect(second.near.map(({ imageId }) => imageId)).toEqual(['2', '3']);
    expect(second.siblings.map(({ imageId }) => imageId)).toEqual(['0']);
  });

  it('are ordered by the bytes of their ids where they are equally far', async () => {
    const model = await newModel(store);
    // By UTF-16 units the second would come before the first.
    const ids = ['\uffee', '\u{1f600}', 'a', 'B'];
    await store.upsert(
      model,
      ids.map((id) => embeddingRow(id, query)),
    );
    const first = await nearest(store, model, query, { limit: 3 });
    expect(first.map(({ imageId }) => imageId)).toEqual(['B', 'a', '\uffee']);
    const rest = await nearest(store, model, query, { after: first[2] ?? null });
    expect(rest.map(({ imageId }) => imageId)).toEqual(['\u{1f600}']);
  });

  it('are none where nothing is embedded', async () => {
    expect(await nearest(store, await newModel(store), query)).toEqual([]);
  });

  it('are not looked for with a vector of another model', async () => {
    const model = await newModel(store);
    await expect(nearest(store, model, vectorOf(1, 4))).rejects.toThrow(
      `A vector of "${model.name}" has 8 numbers, and this one has 4.`,
    );
  });
});

describe('what stands for a product', () => {
  it('is its main image, else its first, with the vector as it is stored', async () => {
    const model = await newModel(store);
    await store.upsert(model, [
      embeddingRow('0', vectorOf(50, 8), { productId: 'mug', isMain: false }),
      embeddingRow('1', query, { productId: 'mug', contentHash: 'ab'.repeat(32) }),
      embeddingRow('2', vectorOf(51, 8), { productId: 'cup', isMain: false }),
      embeddingRow('3', vectorOf(52, 8), { productId: 'cup', isMain: false }),
    ]);
    const own = await store.ownEmbeddings(model, ['mug', 'cup', 'lamp']);
    expect([...own.keys()].sort()).toEqual(['cup', 'mug']);
    expect(own.get('mug')).toMatchObject({ imageId: '1', contentHash: 'ab'.repeat(32) });
    expect(own.get('cup')).toMatchObject({ imageId: '2', contentHash: null });
    expect(cosine(own.get('mug')?.vector ?? query, query)).toBeCloseTo(1, 3);
  });
});
