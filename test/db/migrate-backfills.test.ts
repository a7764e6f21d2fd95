import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate, pendingMigrations } from '../../src/db/migrate.js';
import { projectRoot } from '../../src/paths.js';
import { startEmptyTestDatabase, type TestDatabase } from '../support/database.js';
import { silentLog } from '../support/silent-log.js';

const ENDED = '00000000-0000-4000-8000-000000000001';
const ACTIVE = '00000000-0000-4000-8000-000000000002';

let db: TestDatabase;

/** A vector database of the time before runs were shared: a run that has ended with a failure, and one in the middle. */
beforeAll(async () => {
  db = await startEmptyTestDatabase();
  const { database } = db;
  await database.query('create extension vector');
  await database.query(
    'create table lookalike_migrations (id serial primary key, name varchar(255) not null, run_on timestamp not null)',
  );
  for (const name of ['0001-embeddings', '0002-backfills']) {
    await database.query(await readFile(join(projectRoot, 'migrations', `${name}.sql`), 'utf8'));
    await database.query('insert into lookalike_migrations (name, run_on) values ($1::text, now())', [name]);
  }
  await database.query(`insert into embedding_models (name, dimensions) values ('m', 8)`);
  await database.query(
    `insert into embedding_backfills (id, model, scope, image_scope, state, total_count, embedded_count, failed_count,
       started_at, finished_at, worker_id, lease_expires_at)
     values ($1::uuid, 'm', 'MISSING', 'main', 'COMPLETED', 3, 2, 1, now(), now(), null, null),
       ($2::uuid, 'm', 'ALL', 'main', 'RUNNING', 3, 1, 0, now(), null, gen_random_uuid(), now())`,
    [ENDED, ACTIVE],
  );
  await database.query(`insert into embedding_backfill_chunks (backfill_id, number) values ($1::uuid, 0)`, [ACTIVE]);
  await database.query(
    `insert into embedding_failures (model_version, image_id, product_id, image_url, reason, message, http_status, attempts,
       backfill_id)
     values ('m', '7', '70', 'a.jpg', 'NOT_FOUND', 'It is not there.', 404, 2, $1::uuid),
       ('m', '8', '80', 'b.jpg', 'EMPTY', 'It is empty.', null, 1, null)`,
    [ENDED],
  );
  await migrate({ url: db.url, log: silentLog });
});

afterAll(() => db.close());

describe('runs of before they were shared', () => {
  it('keep their state and counts where they had ended; one in the middle fails with what to do', async () => {
    expect(await pendingMigrations(db.database)).toEqual([]);
    const rows = await db.database.query(
      `select id::text, state, error, finished_at is not null as ended, embedded_count::int as embedded, product_ids
       from embedding_backfills order by id`,
    );
    expect(rows).toEqual([
      { id: ENDED, state: 'COMPLETED', error: null, ended: true, embedded: 2, product_ids: null },
      {
        id: ACTIVE,
        state: 'FAILED',
        error: 'Lookalike was updated while it was active. Start a new one: what is embedded stays.',
        ended: true,
        embedded: 1,
        product_ids: null,
      },
    ]);
  });

  it('make room for new ones, of every scope', async () => {
    for (const scope of ['MISSING', 'STALE', 'FAILED', 'ALL']) {
      const [row] = await db.database.query<{ id: string }>(
        `insert into embedding_backfills (model, scope, image_scope) values ('m', $1::text, 'main') returning id::text`,
        [scope],
      );
      await db.database.query('delete from embedding_backfills where id = $1::uuid', [row?.id]);
    }
  });

  it('keep what they could not embed, apart from what can not be embedded now', async () => {
    expect(
      await db.database.query(
        `select backfill_id::text, image_id, product_id, image_url, reason, message, http_status, attempts
         from embedding_backfill_failures`,
      ),
    ).toEqual([
      {
        backfill_id: ENDED,
        image_id: '7',
        product_id: '70',
        image_url: 'a.jpg',
        reason: 'NOT_FOUND',
        message: 'It is not there.',
        http_status: 404,
        attempts: 2,
      },
    ]);
    const now = 'select image_id, next_try_at, source_updated_at from embedding_failures order by image_id';
    expect(await db.database.query(now)).toEqual([
      { image_id: '7', next_try_at: null, source_updated_at: null },
      { image_id: '8', next_try_at: null, source_updated_at: null },
    ]);
  });
});
