import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDatabase, type Database } from '../../src/db/database.js';
import { startTestDatabase, type TestDatabase } from '../support/database.js';
import { silentLog } from '../support/silent-log.js';

let db: TestDatabase;
let database: Database;

beforeAll(async () => {
  db = await startTestDatabase({ maxConnections: 3, onConnect: `set application_name = 'set first'` });
  database = db.database;
  await database.query('create table notes (id int primary key, body text)');
});
afterAll(() => db.close());

async function noteIds(): Promise<number[]> {
  const rows = await database.query<{ id: number }>('select id from notes order by id');
  return rows.map(({ id }) => id);
}

describe('a database', () => {
  it('answers with rows', async () => {
    expect(await database.query('select $1::int + 2 as sum', [40])).toEqual([{ sum: 42 }]);
  });

  it('runs the SQL of onConnect before anything else', async () => {
    expect(await database.query(`select current_setting('application_name') as name`)).toEqual([{ name: 'set first' }]);
  });

  it('passes on the SQLSTATE of a statement that is wrong', async () => {
    await expect(database.query('select * from nowhere')).rejects.toMatchObject({ code: '42P01' });
  });

  it('gives each of many statements its own answer, also those whose parameters come in several pieces', async () => {
    const asked = Array.from({ length: 60 }, (_, index) => `${index} `.repeat(index % 3 === 0 ? 200_000 : 1));
    const answered = await Promise.all(
      asked.map(async (text, index) => {
        const sql = index % 2 === 0 ? 'select $1::text as text' : 'select $1::text as text, $2::int as number';
        const [row] = await database.query<{ text: string }>(sql, index % 2 === 0 ? [text] : [text, index]);
        return row?.text;
      }),
    );
    expect(answered).toEqual(asked);
  });

  it('closes twice without complaint', async () => {
    const other = makeDatabase({ url: db.url, name: 'vector', maxConnections: 1, log: silentLog });
    await other.query('select 1');
    await Promise.all([other.close(), other.close()]);
  });
});

describe('a transaction', () => {
  it('is committed when its work is done', async () => {
    const result = await database.transaction(async (tx) => {
      await tx.query('insert into notes values (1)');
      return 'done';
    });
    expect(result).toBe('done');
    expect(await noteIds()).toContain(1);
  });

  it('is rolled back when its work fails, and hands the error on', async () => {
    const failing = database.transaction(async (tx) => {
      await tx.query('insert into notes values (2)');
      throw new RangeError('no');
    });
    await expect(failing).rejects.toThrow(new RangeError('no'));
    expect(await noteIds()).not.toContain(2);
  });

  it('is not taken for committed when a failed statement in it was passed over', async () => {
    const careless = database.transaction(async (tx) => {
      await tx.query('insert into notes values (3)');
      await tx.query('select * from nowhere').catch(() => undefined);
    });
    await expect(careless).rejects.toThrow(
      'The transaction was rolled back: one of its statements had failed and the error was not passed on.',
    );
    expect(await noteIds()).not.toContain(3);
  });

  it('is not seen from outside before it is committed', async () => {
    let seen: Promise<number[]> | undefined;
    await database.transaction(async (tx) => {
      await tx.query('insert into notes values (4)');
      // A server answers it now; the embedded Postgres, once the transaction is over. Neither may show the 4.
      seen = noteIds();
      await tx.query('delete from notes where id = 4');
      await tx.query('insert into notes values (5)');
    });
    expect(await seen).not.toContain(4);
    expect(await noteIds()).toContain(5);
  });

  it('follows another one on the same rows, and neither loses an update', async () => {
    await database.query('insert into notes values (6, $1::text)', ['0']);
    const addOne = () =>
      database.transaction(async (tx) => {
        const [row] = await tx.query<{ body: string }>('select body from notes where id = 6 for update');
        await tx.query('update notes set body = $1::text where id = 6', [String(Number(row?.body) + 1)]);
      });
    await Promise.all(Array.from({ length: 10 }, addOne));
    expect(await database.query('select body from notes where id = 6')).toEqual([{ body: '10' }]);
  });
});

describe('a session', () => {
  it('runs every statement on one connection', async () => {
    const value = await database.session(async (session) => {
      await session.query(`select set_config('lookalike.test', 'kept', false)`);
      return session.query(`select current_setting('lookalike.test') as value`);
    });
    expect(value).toEqual([{ value: 'kept' }]);
  });
});
