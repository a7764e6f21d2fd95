import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddingModelStore } from '../../src/services/embedding-model-store.js';
import type { EmbeddingStore } from '../../src/services/vector/embedding-store.js';
import { partitionName } from '../../src/services/vector/partition.js';
import { startTestDatabase, type TestDatabase } from '../support/database.js';
import { embeddingRow, makeEmbeddingStore } from '../support/embedding-rows.js';
import { vectorOf } from '../support/vectors.js';

let db: TestDatabase;
let models: EmbeddingModelStore;
let store: EmbeddingStore;

beforeAll(async () => {
  db = await startTestDatabase();
  models = new EmbeddingModelStore(db.database);
  store = makeEmbeddingStore(db);
});

beforeEach(async () => {
  for (const { name } of await models.list()) await drop(name);
});

afterAll(() => db.close());

async function drop(name: string): Promise<void> {
  await db.database.transaction(async (tx) => {
    await tx.query('delete from embedding_backfills where model = $1::text', [name]);
    await models.remove(name, tx);
  });
}

async function add(name: string, dimensions = 4): Promise<void> {
  await store.ensureModel({ name, dimensions });
}

async function switchTo(name: string): Promise<void> {
  await db.database.transaction(async (tx) => {
    await models.lockAll(tx);
    await models.activate(name, tx);
  });
}

async function activeNames(): Promise<string[]> {
  return (await models.list()).filter(({ isActive }) => isActive).map(({ name }) => name);
}

describe('a model that room is made for', () => {
  it('is listed by name, with its dimension and where it comes from, and answers nothing', async () => {
    await store.ensureModel({ name: 'shoes', dimensions: 8, source: '/models/shoes' });
    await add('bags');
    expect(await models.list()).toEqual([
      expect.objectContaining({ name: 'bags', dimensions: 4, source: null }),
      {
        name: 'shoes',
        dimensions: 8,
        source: '/models/shoes',
        isActive: false,
        activatedAt: null,
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
        backfillState: null,
      },
    ]);
    expect(await models.find('shoes')).toMatchObject({ name: 'shoes' });
    expect(await models.find('hats')).toBeNull();
    expect(await models.active()).toBeNull();
  });

  it('keeps where it comes from until a process says another place', async () => {
    await store.ensureModel({ name: 'shoes', dimensions: 8, source: '/models/shoes' });
    await store.ensureModel({ name: 'shoes', dimensions: 8, source: null });
    expect((await models.find('shoes'))?.source).toBe('/models/shoes');
    await store.ensureModel({ name: 'shoes', dimensions: 8, source: '/elsewhere/shoes' });
    expect((await models.find('shoes'))?.source).toBe('/elsewhere/shoes');
  });

  it('says which state its active backfill is in', async () => {
    await add('shoes');
    const start = `insert into embedding_backfills (model, scope, image_scope, state, finished_at)
      values ('shoes', 'ALL', 'main', $1::text, $2::timestamptz)`;
    await db.database.query(start, ['COMPLETED', new Date()]);
    expect((await models.find('shoes'))?.backfillState).toBeNull();
    await db.database.query(start, ['PAUSED', null]);
    expect((await models.find('shoes'))?.backfillState).toBe('PAUSED');
  });
});

describe('the active model', () => {
  it('is the first that asks where there is none, however many ask at once', async () => {
    await add('shoes');
    await add('bags');
    await Promise.all(['shoes', 'bags', 'shoes', 'bags'].map((name) => models.activateFirst(name)));
    const [first, ...others] = await activeNames();
    expect(others).toEqual([]);
    await models.activateFirst(first === 'shoes' ? 'bags' : 'shoes');
    expect(await activeNames()).toEqual([first]);
    expect(await models.active()).toMatchObject({
      name: first,
      isActive: true,
      activatedAt: expect.any(String) as string,
    });
  });

  it('is another one after a switch, and one of them after many at once', async () => {
    for (const name of ['shoes', 'bags', 'hats']) await add(name);
    await models.activateFirst('shoes');
    await switchTo('bags');
    expect(await activeNames()).toEqual(['bags']);
    await Promise.all(['shoes', 'hats', 'bags', 'shoes', 'hats'].map(switchTo));
    expect(await activeNames()).toHaveLength(1);
  });
});

describe('the revision of a model', () => {
  it('rises when it is touched, and when it begins or ceases to answer', async () => {
    await add('shoes');
    await add('bags');
    const before = await models.revision('shoes');
    await models.touch('shoes');
    const after = await models.revision('shoes');
    expect(after.revision).toBe(before.revision + 1);
    expect(new Date(after.updatedAt).toISOString()).toBe(after.updatedAt);
    await models.activateFirst('shoes');
    await switchTo('bags');
    expect((await models.revision('shoes')).revision).toBe(after.revision + 2);
  });

  it('is 0 of a model that there is not', async () => {
    expect(await models.revision('nobody')).toEqual({ revision: 0, updatedAt: '1970-01-01T00:00:00.000Z' });
  });
});

describe('a model that is removed', () => {
  it('takes its table and its query images with it, and leaves other models alone', async () => {
    await add('shoes');
    await add('bags');
    for (const name of ['shoes', 'bags']) {
      await store.upsert({ name, dimensions: 4 }, [embeddingRow('1', vectorOf(1, 4))]);
      await db.database.query(
        `insert into query_images (id, model, embedding, content_hash, width, height, expires_at)
         values ($1::text, $1::text, '[1,0,0,0]', '', 1, 1, now() + interval '1 day')`,
        [name],
      );
    }
    await drop('shoes');
    const tables = await db.database.query('select 1 where to_regclass($1::text) is not null', [
      partitionName('shoes'),
    ]);
    expect(tables).toEqual([]);
    expect(await db.database.query('select model from query_images')).toEqual([{ model: 'bags' }]);
    expect(await store.countRows({ name: 'bags' })).toBe(1);
    await add('shoes', 16);
    expect(await store.countRows({ name: 'shoes' })).toBe(0);
  });

  it('is not found by who wants to keep it', async () => {
    await add('shoes');
    await db.database.transaction(async (tx) => {
      expect(await models.keep('shoes', tx)).toBe(true);
      expect(await models.keep('hats', tx)).toBe(false);
    });
  });
});
