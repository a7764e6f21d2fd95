import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { startSingleSessionServer, type SingleSessionServer } from '../../src/db/single-session-server.js';
import { until } from '../support/until.js';

let folder: string;
let postgres: PGlite;
let server: SingleSessionServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-test-'));
  postgres = await PGlite.create({ loadDataDir: new Blob([await readFile(inject('databaseTemplates').empty)]) });
  server = await serve(folder, 60_000);
  await withClient((client) => client.query('create table notes (id int primary key)'));
});
afterAll(async () => {
  await server.close();
  await postgres.close();
  await rm(folder, { recursive: true });
});

/** Another server on the one session may only be there while nobody speaks to the first. */
async function serve(socketFolder: string, idleInTransactionMs: number): Promise<SingleSessionServer> {
  return startSingleSessionServer({
    session: {
      send: (message, onRawData) => postgres.execProtocolRawStream(message, { onRawData }),
      isInTransaction: () => postgres.isInTransaction(),
    },
    socketPath: join(socketFolder, '.s.PGSQL.5432'),
    idleInTransactionMs,
    onFatal: (error) => {
      throw error;
    },
  });
}

/** A server that waits for an idle transaction no longer than 200 ms; its folder. */
async function serveImpatiently(): Promise<string> {
  const ownFolder = await mkdtemp(join(tmpdir(), 'lookalike-test-'));
  const impatient = await serve(ownFolder, 200);
  onTestFinished(async () => {
    await impatient.close();
    await rm(ownFolder, { recursive: true });
  });
  return ownFolder;
}

async function openClient(host = folder): Promise<pg.Client> {
  const client = new pg.Client({ host, user: 'postgres', database: 'postgres' });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function withClient<T>(work: (client: pg.Client) => Promise<T>, host = folder): Promise<T> {
  const client = await openClient(host);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function openSocket(): Promise<Socket> {
  const socket = connect(join(folder, '.s.PGSQL.5432'));
  await once(socket, 'connect');
  return socket;
}

/** Start-up and the first message of a pipeline whose end never comes: a statement that is wrong. */
function halfAPipeline(): Buffer {
  const body = Buffer.from('\0select from where\0\0\0');
  const parse = Buffer.concat([Buffer.from('P'), Buffer.from([0, 0, 0, 4 + body.length]), body]);
  const parameters = Buffer.from('user\0postgres\0database\0postgres\0\0');
  const startup = Buffer.concat([Buffer.from([0, 0, 0, 8 + parameters.length, 0, 3, 0, 0]), parameters]);
  return Buffer.concat([startup, parse]);
}

async function ids(): Promise<number[]> {
  const { rows } = await withClient((client) => client.query<{ id: number }>('select id from notes order by id'));
  return rows.map(({ id }) => id);
}

async function expectServed(): Promise<void> {
  const { rows } = await withClient((client) => client.query('select 1 as one'));
  expect(rows).toEqual([{ one: 1 }]);
}

describe('a connection to the shared session', () => {
  it('has it until its transaction ends, and those that wait are served in the order they came', async () => {
    const [first, second, third] = [await openClient(), await openClient(), await openClient()];
    const order: string[] = [];
    await first.query('begin');
    const waiting = [second, third].map((client, index) =>
      client.query('select 1').then(() => order.push(`waiting ${index}`)),
    );
    await first.query('insert into notes values (1)');
    order.push('insert');
    await first.query('commit');
    await Promise.all(waiting);
    expect(order).toEqual(['insert', 'waiting 0', 'waiting 1']);
    await Promise.all([first, second, third].map((client) => client.end()));
  });

  it('leaves nothing open when it is cut off inside a transaction', async () => {
    const client = await openClient();
    await client.query('begin');
    await client.query('insert into notes values (2)');
    client.connection.stream.destroy();
    expect(await ids()).not.toContain(2);
  });

  it('leaves nothing open when it is cut off inside a pipeline that has failed', async () => {
    const socket = await openSocket();
    socket.write(halfAPipeline());
    await once(socket, 'data');
    socket.destroy();
    await expectServed();
  });

  it('loses it after idling inside a transaction', async () => {
    const ownFolder = await serveImpatiently();
    const client = await openClient(ownFolder);
    const lost = new Promise((resolve) => client.once('end', resolve));
    // One message, so that the transaction idles from the moment it is open.
    await client.query('begin; insert into notes values (3)');
    const { rows } = await withClient((next) => next.query('select id from notes where id = 3'), ownFolder);
    expect(rows).toEqual([]);
    await lost;
  });

  it('loses it so though others go on asking for it meanwhile', async () => {
    const ownFolder = await serveImpatiently();
    const client = await openClient(ownFolder);
    let isLost = false;
    client.once('end', () => (isLost = true));
    await client.query('begin');
    const knocking: Promise<unknown>[] = [];
    await until('it is lost', () => {
      if (!isLost) knocking.push(withClient((next) => next.query('select 1'), ownFolder).catch(() => 'refused'));
      return isLost;
    });
    expect(await Promise.all(knocking)).not.toContain('refused');
  });

  it('is ended when it speaks another protocol', async () => {
    const socket = await openSocket();
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'close');
    await expectServed();
  });

  it('may ask for a cancel, which nobody can grant, and does no harm', async () => {
    const socket = await openSocket();
    socket.write(Buffer.from([0, 0, 0, 16, 4, 210, 22, 46, 0, 0, 0, 1, 0, 0, 0, 2]));
    socket.resume();
    await once(socket, 'close');
    await expectServed();
  });
});
