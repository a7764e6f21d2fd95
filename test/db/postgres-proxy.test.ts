import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startEmptyTestDatabase, type TestDatabase } from '../support/database.js';
import { startPostgresProxy, type PostgresProxy } from '../support/postgres-proxy.js';
import { until } from '../support/until.js';

let server: TestDatabase;
let proxy: PostgresProxy;
const clients: pg.Client[] = [];

beforeAll(async () => {
  server = await startEmptyTestDatabase();
  await server.database.query('create table notes (id int primary key)');
});
afterAll(() => server.close());

beforeEach(async () => {
  await server.database.query('delete from notes');
  proxy = await startPostgresProxy(server.url);
});
afterEach(async () => {
  await proxy.close();
  await Promise.all(clients.splice(0).map((client) => client.end()));
});

function newClient(): pg.Client {
  const client = new pg.Client(proxy.url);
  client.on('error', () => undefined);
  clients.push(client);
  return client;
}

async function connected(): Promise<pg.Client> {
  const client = newClient();
  await client.connect();
  return client;
}

/** What the server has, asked past the proxy. */
async function stored(): Promise<number[]> {
  const rows = await server.database.query<{ id: number }>('select id from notes order by id');
  return rows.map(({ id }) => id);
}

/** Tells whether the promise has settled, after a round trip to the server. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = () => (settled = true);
  promise.then(settle, settle);
  await stored();
  return settled;
}

const seen = (sql: string) => until(`the proxy sees ${sql}`, () => proxy.statements.includes(sql));
const failing = (part: string) => (statement: { sql: string }) =>
  statement.sql.includes(part) ? ({ failWith: 'XX000' } as const) : 'pass';
const dropping = (part: string) => (statement: { sql: string }) => (statement.sql.includes(part) ? 'drop' : 'pass');

describe('a proxy that is told nothing', () => {
  it('passes everything on and lists the statements', async () => {
    const client = await connected();
    await client.query('begin');
    const text = 'x'.repeat(300_000);
    const { rows } = await client.query('select $1::text as text', [text]);
    expect(rows).toEqual([{ text }]);
    await expect(client.query('select nothing')).rejects.toMatchObject({ code: '42703' });
    await client.query('rollback');
    expect(proxy.statements).toEqual(['begin', 'select $1::text as text', 'select nothing', 'rollback']);
  });
});

describe('a statement', () => {
  it('that is failed comes with its SQLSTATE, is never run, and leaves the connection usable', async () => {
    const client = await connected();
    proxy.onStatement(failing('insert'));
    await expect(client.query('insert into notes values (1)')).rejects.toMatchObject({ code: 'XX000' });
    await expect(client.query('insert into notes values ($1)', [2])).rejects.toMatchObject({ code: 'XX000' });
    proxy.onStatement(null);
    await client.query('insert into notes values (3)');
    expect(await stored()).toEqual([3]);
  });

  it('that is failed fails its transaction, at the server too', async () => {
    const client = await connected();
    proxy.onStatement(failing('values (2)'));
    await client.query('begin');
    await client.query('insert into notes values (1)');
    await expect(client.query('insert into notes values (2)')).rejects.toMatchObject({ code: 'XX000' });
    await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' });
    expect(await client.query('commit')).toMatchObject({ command: 'ROLLBACK' });
    expect(await stored()).toEqual([]);
  });

  it('that is a commit and is failed rolls back and ends its transaction', async () => {
    const client = await connected();
    proxy.onStatement(failing('commit'));
    await client.query('begin');
    await client.query('insert into notes values (1)');
    await expect(client.query('commit')).rejects.toMatchObject({ code: 'XX000' });
    expect(client.getTransactionStatus()).toBe('I');
    expect(await stored()).toEqual([]);
    await client.query('insert into notes values (2)');
    expect(await stored()).toEqual([2]);
  });

  it('that is dropped is never run, and its connection is reset', async () => {
    const client = await connected();
    proxy.onStatement(dropping('insert'));
    await expect(client.query('insert into notes values (1)')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await stored()).toEqual([]);
  });

  it('that is held runs once it is let go', async () => {
    const client = await connected();
    let letGo = (): void => undefined;
    const held = new Promise<undefined>((resolve) => (letGo = () => resolve(undefined)));
    proxy.onStatement(() => held);
    const inserted = client.query('insert into notes values (1)');
    await seen('insert into notes values (1)');
    expect(await stored()).toEqual([]);
    letGo();
    await inserted;
    expect(await stored()).toEqual([1]);
  });

  it('that is held is never run when its client leaves, and its transaction rolls back', async () => {
    const client = await connected();
    proxy.onStatement(({ sql }) => (sql === 'commit' ? new Promise(() => undefined) : 'pass'));
    await client.query('begin');
    await client.query('insert into notes values (1)');
    const commit = client.query('commit').catch(() => 'lost');
    await seen('commit');
    client.connection.stream.destroy();
    expect(await commit).toBe('lost');
    // Where the transaction is open still, this waits for its end.
    await server.database.query('insert into notes values (1)');
  });
});

describe('an answer', () => {
  it('is complete before the client hears of it', async () => {
    const client = await connected();
    const atThatTime: unknown[] = [];
    let inserted: Promise<unknown> = Promise.resolve();
    proxy.onAnswered(async ({ sql, index }) => {
      atThatTime.push(sql, index, await stored(), await isSettled(inserted));
      return undefined;
    });
    inserted = client.query('insert into notes values (1)');
    await inserted;
    expect(atThatTime).toEqual(['insert into notes values (1)', 0, [1], false]);
  });

  it('that is dropped never comes, though its statement was run', async () => {
    const client = await connected();
    proxy.onAnswered(dropping('insert'));
    await expect(client.query('insert into notes values (1)')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await stored()).toEqual([1]);
  });
});

describe('a black hole', () => {
  it('holds what the client sends until the network is up', async () => {
    const client = await connected();
    proxy.setNetwork('black hole');
    const inserted = client.query('insert into notes values (1)');
    await seen('insert into notes values (1)');
    expect(await stored()).toEqual([]);
    proxy.setNetwork('up');
    await inserted;
    expect(await stored()).toEqual([1]);
  });

  it('holds what the server answers until the network is up', async () => {
    const client = await connected();
    proxy.onAnswered(() => {
      proxy.setNetwork('black hole');
      return 'pass';
    });
    const inserted = client.query('insert into notes values (1)');
    await until('it is stored', async () => (await stored()).length > 0);
    expect(await isSettled(inserted)).toBe(false);
    proxy.setNetwork('up');
    await inserted;
  });

  it('neither answers a new connection nor closes one', async () => {
    const client = await connected();
    proxy.setNetwork('black hole');
    const opened = newClient().connect();
    const ended = client.end();
    expect(await Promise.all([isSettled(opened), isSettled(ended)])).toEqual([false, false]);
    proxy.setNetwork('up');
    await Promise.all([opened, ended]);
  });
});

describe('a proxy that is closed', () => {
  it('ends both sides, in a black hole too', async () => {
    const client = await connected();
    await client.query('begin');
    await client.query('insert into notes values (1)');
    proxy.setNetwork('black hole');
    await proxy.close();
    // Where the transaction is open still, this waits for its end.
    await server.database.query('insert into notes values (1)');
    await expect(client.query('select 1')).rejects.toThrow();
  });
});

describe('a server that goes away', () => {
  it('resets the connections that are open, and takes new ones', async () => {
    const client = await connected();
    const lost = new Promise((resolve) => client.once('error', resolve));
    proxy.resetAll();
    expect(await lost).toMatchObject({ code: 'ECONNRESET' });
    await (await connected()).query('select 1');
  });

  it('resets new connections while it refuses, and those there are go on', async () => {
    const client = await connected();
    proxy.setNetwork('refusing');
    await expect(connected()).rejects.toMatchObject({ code: 'ECONNRESET' });
    await client.query('select 1');
    proxy.setNetwork('up');
    await (await connected()).query('select 1');
  });
});
