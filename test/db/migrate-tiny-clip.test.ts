import { expect, it, onTestFinished } from 'vitest';
import { migrate } from '../../src/db/migrate.js';
import { startTestDatabase } from '../support/database.js';
import { embeddingRow, makeEmbeddingStore } from '../support/embedding-rows.js';
import { silentLog } from '../support/silent-log.js';
import { vectorOf } from '../support/vectors.js';

it('forgets what the first bundled model has embedded, and nothing of another model', async () => {
  const db = await startTestDatabase();
  onTestFinished(() => db.close());
  const store = makeEmbeddingStore(db);
  const models = ['tiny-clip', 'clip-ViT-B-32'].map((name) => ({ name, dimensions: 8 }));
  for (const model of models) {
    await store.ensureModel(model);
    await store.upsert(model, [embeddingRow('1', vectorOf(1, 8))]);
    await db.database.query(
      `insert into query_images (id, model, embedding, content_hash, width, height, expires_at)
       values ($1::text, $1::text, '[1,0,0,0,0,0,0,0]', 'x', 1, 1, now() + interval '1 day')`,
      [model.name],
    );
  }
  const left = async () => {
    const counts = await Promise.all(models.map((model) => store.countRows(model)));
    return [counts, await db.database.query('select model from query_images')];
  };
  await db.database.query(`delete from lookalike_migrations where name = '0005-second-tiny-clip'`);
  expect(await migrate({ url: db.url, log: silentLog })).toEqual(['0005-second-tiny-clip']);
  expect(await left()).toEqual([[0, 1], [{ model: 'clip-ViT-B-32' }]]);
  // What the new one embeds stays.
  await store.upsert({ name: 'tiny-clip', dimensions: 8 }, [embeddingRow('1', vectorOf(1, 8))]);
  expect(await migrate({ url: db.url, log: silentLog })).toEqual([]);
  expect(await left()).toEqual([[1, 1], [{ model: 'clip-ViT-B-32' }]]);
});
