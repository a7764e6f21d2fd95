import { randomBytes } from 'node:crypto';
import { halfvecFromSql } from 'pgvector/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddingStore } from '../../src/services/vector/embedding-store.js';
import { partitionName } from '../../src/services/vector/partition.js';
import { startTestDatabase, type TestDatabase } from '../support/database.js';
import { embeddingRow, makeEmbeddingStore, nearest, newModel } from '../support/embedding-rows.js';
import { vectorOf } from '../support/vectors.js';

/** As SHA-256 gives it. */
const HASH = '0123456789abcdef'.repeat(4);

let db: TestDatabase;
let store: EmbeddingStore;

beforeAll(async () => {
  db = await startTestDatabase();
  store = makeEmbeddingStore(db);
});
afterAll(() => db.close());

describe('ensureModel', () => {
  it('takes any name, also those that look alike', async () => {
    const names = [
      'org/Some Model',
      'org/some_model',
      `it's "quoted"; drop table embedding_models`,
      'モデル',
      'x'.repeat(300),
    ];
    for (const name of names) {
      const model = { name, dimensions: 4 };
      await store.ensureModel(model);
      await store.upsert(model, [embeddingRow('1', vectorOf(1, 4))]);
      expect(await store.countRows(model)).toBe(1);
    }
  });

  it('may be called by many at once, and again', async () => {
    const model = { name: 'in-a-hurry', dimensions: 4 };
    await Promise.all(Array.from({ length: 5 }, () => store.ensureModel(model)));
    await store.ensureModel(model);
    expect(await store.countRows(model)).toBe(0);
  });

  it('refuses a known name with another dimension', async () => {
    await store.ensureModel({ name: 'my-clip', dimensions: 512 });
    await expect(store.ensureModel({ name: 'my-clip', dimensions: 768 })).rejects.toThrow(
      'The model "my-clip" makes vectors of 768 numbers, but its stored embeddings have 512: it is another model under the same name. Give it a name of its own.',
    );
  });
});

describe('stored embeddings', () => {
  it('come back with what the catalogue said of their images', async () => {
    const model = await newModel(store);
    const sourceUpdatedAt = '2024-05-06T07:08:09.123456Z';
    await store.upsert(model, [
      embeddingRow('a', vectorOf(1, 8), { isMain: false, sourceUpdatedAt, contentHash: HASH, etag: '"v1"' }),
      embeddingRow('b', vectorOf(2, 8)),
    ]);
    const stored = await store.storedImages(model, ['b', 'a', 'c']);
    expect([...stored.keys()].sort()).toEqual(['a', 'b']);
    expect(stored.get('a')).toEqual({
      backfillId: null,
      imageId: 'a',
      productId: 'pa',
      imageUrl: 'https://shop.example/a.jpg',
      isMain: false,
      sourceUpdatedAt,
      contentHash: HASH,
      etag: '"v1"',
      lastModified: null,
    });
    expect(stored.get('b')).toMatchObject({ contentHash: null, etag: null, lastModified: null });
  });

  it('have their vector in half precision, number for number', async () => {
    const model = await newModel(store);
    const vector = vectorOf(11, 8);
    await store.upsert(model, [embeddingRow('a', vector)]);
    const [stored] = await db.database.query<{ embedding: string }>(
      `select image_embedding::text as embedding from image_embeddings where model_version = $1`,
      [model.name],
    );
    const read = halfvecFromSql(stored?.embedding) as number[];
    expect(read).toHaveLength(8);
    // 11 bits of significand.
    for (const [index, value] of read.entries()) expect(value).toBeCloseTo(vector[index] ?? NaN, 3);
  });

  it('are replaced by newer ones of the same image', async () => {
    const model = await newModel(store);
    await store.upsert(model, [embeddingRow('a', vectorOf(1, 8))]);
    await store.upsert(model, [embeddingRow('a', vectorOf(2, 8), { productId: 'other' })]);
    const [match, ...rest] = await nearest(store, model, vectorOf(2, 8));
    expect(match).toMatchObject({ imageId: 'a', productId: 'other' });
    expect(match?.distance).toBeLessThan(-0.999);
    expect(rest).toEqual([]);
  });

  it('are stored a thousand at a time, the later of two of one image', async () => {
    const model = await newModel(store);
    const rows = Array.from({ length: 999 }, (_, index) => embeddingRow(String(index), vectorOf(index, 8)));
    await store.upsert(model, [...rows, embeddingRow('7', vectorOf(7, 8), { productId: 'later' })]);
    expect(await store.countRows(model)).toBe(999);
    expect((await store.storedImages(model, ['7'])).get('7')?.productId).toBe('later');
  });

  it('take part in the transaction they are given', async () => {
    const model = await newModel(store);
    const failing = db.database.transaction(async (tx) => {
      await store.upsert(model, [embeddingRow('a', vectorOf(1, 8))], tx);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await store.countRows(model)).toBe(0);
  });

  it('keep their vector when only their image is linked anew', async () => {
    const model = await newModel(store);
    await store.upsert(model, [embeddingRow('a', vectorOf(1, 8), { contentHash: HASH })]);
    const validators = { etag: '"v2"', lastModified: 'Tue, 05 May 2026 10:00:00 GMT' };
    const link = {
      imageId: 'a',
      productId: 'q',
      imageUrl: '/a.jpg',
      isMain: false,
      sourceUpdatedAt: 'now',
      ...validators,
    };
    await store.relink(model, [link, { ...link, imageId: 'unknown' }]);
    expect((await store.storedImages(model, ['a'])).get('a')).toEqual({ ...link, contentHash: HASH, backfillId: null });
    const [match] = await nearest(store, model, vectorOf(1, 8));
    expect(match?.distance).toBeLessThan(-0.999);
    expect(await store.countRows(model)).toBe(1);
  });

  it('are listed in pages, in the order of the bytes of their ids', async () => {
    const model = await newModel(store);
    const ids = ['10', '9', 'a', 'B', 'ä', '2'];
    await store.upsert(
      model,
      ids.map((id, index) => embeddingRow(id, vectorOf(index, 8))),
    );
    expect(await store.imageIdsAfter(model, null, 4)).toEqual(['10', '2', '9', 'B']);
    expect(await store.imageIdsAfter(model, 'B', 4)).toEqual(['a', 'ä']);
    expect(await store.imageIdsAfter(model, 'ä', 4)).toEqual([]);
  });

  it('go when they are removed', async () => {
    const model = await newModel(store);
    await store.upsert(model, [embeddingRow('a', vectorOf(1, 8)), embeddingRow('b', vectorOf(2, 8))]);
    await store.removeImages(model, ['a', 'never there']);
    expect([...(await store.storedImages(model, ['a', 'b'])).keys()]).toEqual(['b']);
  });

  it('belong to one model', async () => {
    const [one, other] = [await newModel(store), await newModel(store, 4)];
    await store.upsert(one, [embeddingRow('a', vectorOf(1, 8))]);
    await store.upsert(other, [embeddingRow('a', vectorOf(1, 4)), embeddingRow('b', vectorOf(2, 4))]);
    await store.removeImages(other, ['a']);
    expect([await store.countRows(one), await store.countRows(other)]).toEqual([1, 1]);
  });

  it('lie inline also where a long URL makes their rows long, so that a search reads no second table', async () => {
    const model = await newModel(store, 768);
    const rows = Array.from({ length: 100 }, (_, index) => {
      const imageUrl = `https://shop.example/${randomBytes(600).toString('hex')}`;
      return embeddingRow(String(index), vectorOf(index, 768), { imageUrl });
    });
    await store.upsert(model, rows);
    const [size] = await db.database.query<{ outOfLine: number }>(
      `select pg_relation_size(reltoastrelid)::int as "outOfLine" from pg_class where oid = to_regclass($1::text)`,
      [partitionName(model.name)],
    );
    expect(size?.outOfLine).toBeGreaterThan(0);
    expect(size?.outOfLine).toBeLessThan(rows.length * 2 * 768);
  });
});
