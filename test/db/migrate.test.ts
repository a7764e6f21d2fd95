import { afterEach, describe, expect, it } from 'vitest';
import { makeDatabase } from '../../src/db/database.js';
import { migrate, pendingMigrations } from '../../src/db/migrate.js';
import { startEmptyTestDatabase, type TestDatabase } from '../support/database.js';
import { silentLog } from '../support/silent-log.js';

const isOnServer = process.env.TEST_DATABASE_URL !== undefined;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function startEmpty(): Promise<TestDatabase> {
  const db = await startEmptyTestDatabase();
  closers.push(() => db.close());
  return db;
}

describe('migrate', () => {
  it('brings a new database up to date, and finds nothing to do the second time', async () => {
    const { url, database } = await startEmpty();
    const pending = await pendingMigrations(database);
    expect(pending[0]).toBe('0001-embeddings');
    expect(await migrate({ url, log: silentLog })).toEqual(pending);
    expect(await pendingMigrations(database)).toEqual([]);
    expect(await migrate({ url, log: silentLog })).toEqual([]);
    expect(await database.query('select * from image_embeddings')).toEqual([]);
  });

  it('may run in several processes at once: one does the work', async () => {
    const { url, database } = await startEmpty();
    const pending = await pendingMigrations(database);
    const applied = await Promise.all([1, 2, 3].map(() => migrate({ url, log: silentLog })));
    expect(applied.filter((names) => names.length > 0)).toEqual([pending]);
  });

  it('runs only what is new', async () => {
    const { url, database } = await startEmpty();
    const [first, ...others] = await pendingMigrations(database);
    await migrate({ url, log: silentLog });
    await database.query(`delete from lookalike_migrations where name <> $1::text`, [first]);
    expect(await pendingMigrations(database)).toEqual(others);
  });

  it('changes nothing when one of the files fails', async () => {
    const { url, database } = await startEmpty();
    await database.query('create table embedding_failures (in_the_way int)');
    await expect(migrate({ url, log: silentLog })).rejects.toMatchObject({ code: '42P07' });
    expect((await pendingMigrations(database))[0]).toBe('0001-embeddings');
    expect(await database.query(`select to_regclass('embedding_models') as made`)).toEqual([{ made: null }]);
  });

  it("keeps its hands off a table of the same name that is somebody else's, and says what to do", async () => {
    const { url, database } = await startEmpty();
    await database.query('create table image_embeddings (image_id int, image_embedding text)');
    await database.query(`insert into image_embeddings values (1, '[1,2]')`);
    await expect(migrate({ url, log: silentLog })).rejects.toMatchObject({
      code: 'CONFLICT',
      message:
        'The vector database has a table image_embeddings that is not of Lookalike: rename it (alter table image_embeddings ' +
        'rename to image_embeddings_old) or set VECTOR_DATABASE_URL to another database, then migrate again.',
    });
    expect(await database.query('select * from image_embeddings')).toHaveLength(1);
    await database.query('alter table image_embeddings rename to image_embeddings_old');
    expect(await migrate({ url, log: silentLog })).not.toEqual([]);
  });

  it('does not mind the migrations of other programs', async () => {
    const { url, database } = await startEmpty();
    await database.query('create table schema_migrations (version text)');
    expect(await migrate({ url, log: silentLog })).not.toEqual([]);
    expect(await pendingMigrations(database)).toEqual([]);
  });

  // On a shared server a role would outlive the test.
  it.skipIf(isOnServer)('says what to do where the user may not add pgvector', async () => {
    const { url, database } = await startEmpty();
    await database.query('create role visitor');
    // The embedded Postgres has one session, so this holds for the connection of the migration too.
    await database.query('set session authorization visitor');
    await expect(migrate({ url, log: silentLog })).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message:
        'The user in VECTOR_DATABASE_URL may not add the pgvector extension. Let an administrator of the vector database add the extension "vector", then migrate again.',
    });
    await database.query('reset session authorization');
  });
});

describe('pendingMigrations', () => {
  it('fails clearly where the database is away', async () => {
    const { url, close } = await startEmptyTestDatabase();
    await close();
    const database = makeDatabase({ url, name: 'vector', maxConnections: 1, log: silentLog });
    closers.push(() => database.close());
    await expect(pendingMigrations(database)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });
});
