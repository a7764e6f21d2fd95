import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestDatabase, type TestDatabase } from '../support/database.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await startTestDatabase();
});
afterAll(() => db.close());

describe('a database', () => {
  it('answers with rows', async () => {
    const rows = await db.database.query<{ sum: number }>('select $1::int + 2 as sum', [40]);
    expect(rows).toEqual([{ sum: 42 }]);
  });
});
