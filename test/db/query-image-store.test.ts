import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QueryImageStore, type NewQueryImage } from '../../src/services/query-image-store.js';
import type { EmbeddingStore } from '../../src/services/vector/embedding-store.js';
import { startTestDatabase, type TestDatabase } from '../support/database.js';
import { makeEmbeddingStore, newModel } from '../support/embedding-rows.js';
import { vectorOf } from '../support/vectors.js';

let db: TestDatabase;
let embeddings: EmbeddingStore;
let store: QueryImageStore;

beforeAll(async () => {
  db = await startTestDatabase();
  embeddings = makeEmbeddingStore(db);
  store = new QueryImageStore(db.database);
});
afterAll(() => db.close());

const HOUR = 3600;

let number = 0;

/** Of a model of its own with 512 numbers, unless `more` says otherwise. */
async function newQueryImage(more: Partial<NewQueryImage> = {}): Promise<NewQueryImage> {
  number += 1;
  const model = more.model ?? (await newModel(embeddings, 512));
  const vector = vectorOf(number, model.dimensions);
  const contentHash = '0123456789abcdef'.repeat(4);
  return { id: `image-${number}`, model, vector, contentHash, width: 640, height: 480, ...more };
}

const expire = (id: string) =>
  db.database.query(`update query_images set expires_at = now() - interval '1 second' where id = $1::text`, [id]);

describe('a query image', () => {
  it('comes back with its model and every bit of its vector', async () => {
    const image = await newQueryImage();
    const stored = await store.insert(image, HOUR);
    expect(stored).toEqual({ ...image, expiresAt: stored.expiresAt });
    expect(await store.find(image.id)).toEqual(stored);
  });

  it('expires when its time is over', async () => {
    const { expiresAt } = await store.insert(await newQueryImage(), HOUR);
    expect(new Date(expiresAt).toISOString()).toBe(expiresAt);
    const [row] = await db.database.query<{ secondsLeft: number }>(
      `select extract(epoch from $1::timestamptz - now())::float8 as "secondsLeft"`,
      [expiresAt],
    );
    expect(row?.secondsLeft).toBeGreaterThan(HOUR - 60);
    expect(row?.secondsLeft).toBeLessThanOrEqual(HOUR);
  });

  it('is not found once it has expired, nor by the id of none', async () => {
    const image = await newQueryImage();
    await store.insert(image, HOUR);
    await expire(image.id);
    expect(await store.find(image.id)).toBeNull();
    expect(await store.find('nobody')).toBeNull();
  });

  it('goes when its model is dropped', async () => {
    const [image, other] = [await newQueryImage(), await newQueryImage()];
    await store.insert(image, HOUR);
    await store.insert(other, HOUR);
    await db.database.query('delete from embedding_models where name = $1::text', [image.model.name]);
    expect(await store.find(image.id)).toBeNull();
    expect(await store.find(other.id)).not.toBeNull();
  });
});

describe('removeExpired', () => {
  it('forgets those that have expired, and no others', async () => {
    await store.removeExpired();
    const images = [await newQueryImage(), await newQueryImage(), await newQueryImage()];
    for (const image of images) await store.insert(image, HOUR);
    for (const { id } of images.slice(0, 2)) await expire(id);
    expect(await store.removeExpired()).toBe(2);
    expect(await store.removeExpired()).toBe(0);
    const left = await db.database.query<{ id: string }>('select id from query_images where id = any($1::text[])', [
      images.map(({ id }) => id),
    ]);
    expect(left).toEqual([{ id: images[2]?.id }]);
  });
});

describe('misuse of a query image', () => {
  it('is refused where its model is not there any more', async () => {
    const image = await newQueryImage({ model: { name: 'dropped', dimensions: 8 } });
    await expect(store.insert(image, HOUR)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: 'The model "dropped" was dropped while the photograph was embedded: try again.',
    });
  });

  it('is refused with a vector of another model', async () => {
    const image = await newQueryImage({ vector: vectorOf(1, 8) });
    await expect(store.insert(image, HOUR)).rejects.toThrow(RangeError);
    expect(await store.find(image.id)).toBeNull();
  });
});
