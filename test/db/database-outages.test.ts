import { once } from 'node:events';
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { socketUrl } from '../../src/db/data-dir.js';
import { makeDatabase, type Database, type DatabaseName } from '../../src/db/database.js';
import { migrate } from '../../src/db/migrate.js';
import { startSingleSessionServer, type SingleSessionServer } from '../../src/db/single-session-server.js';
import { ServiceUnavailableError } from '../../src/errors.js';
import { silentLog } from '../support/silent-log.js';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function databaseAt(url: string, name: DatabaseName = 'vector'): Database {
  const database = makeDatabase({ url, name, maxConnections: 2, log: silentLog });
  closers.push(() => database.close());
  return database;
}

/** A TCP server on a port of its own, with its address as a database's, planted secrets included. */
async function listen(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    return closed(server);
  });
  return urlOf(server);
}

function urlOf(server: Server): string {
  const { port } = server.address() as AddressInfo;
  return `postgresql://planted-user:planted-password@127.0.0.1:${port}/planted-database`;
}

async function closed(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}

/** Address at which nothing listens. */
async function deadUrl(): Promise<string> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = urlOf(server);
  await closed(server);
  return url;
}

/** What a server sends that refuses a connection. */
function errorResponse(code: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0Mplanted-user may not, at 10.1.2.3\0\0`);
  const head = Buffer.from([0x45, 0, 0, 0, 0]);
  head.writeInt32BE(4 + fields.length, 1);
  return Buffer.concat([head, fields]);
}

async function errorOf(promise: Promise<unknown>): Promise<ServiceUnavailableError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ServiceUnavailableError)) throw new Error(`Not the error awaited: ${String(error)}`);
  expect(`${error.message} ${JSON.stringify(error.extensions)}`).not.toMatch(/planted|127\.0|10\.1|select/);
  return error;
}

describe('a database that can not be reached', () => {
  it.each(['vector', 'catalogue'] as const)('is the %s one, where nothing listens', async (name) => {
    const error = await errorOf(databaseAt(await deadUrl(), name).query('select 1'));
    expect(error.code).toBe('SERVICE_UNAVAILABLE');
    expect(error.message).toBe(
      `The ${name} database can't be reached (ECONNREFUSED). Check that it runs and that its address is right.`,
    );
  });

  it('does not answer', async () => {
    const url = await listen((socket) => socket.resume());
    const error = await errorOf(databaseAt(url).query('select 1'));
    expect(error.message).toBe(
      "The vector database can't be reached. Check that it runs and that its address is right.",
    );
  });

  it('hangs up', async () => {
    const url = await listen((socket) => socket.destroy());
    const error = await errorOf(databaseAt(url).transaction((tx) => tx.query('select 1')));
    expect(error.message).toMatch(
      /^The vector database can't be reached( \(ECONNRESET\))?\. Check that it runs and that its address is right\.$/,
    );
  });

  it('can not be migrated either', async () => {
    const error = await errorOf(migrate({ url: await deadUrl(), log: silentLog }));
    expect(error.message).toBe(
      "The vector database can't be reached (ECONNREFUSED). Check that it runs and that its address is right.",
    );
  });
});

describe('a server that refuses', () => {
  it.each([
    ['28P01', 'The vector database refused the user or password. Correct them in VECTOR_DATABASE_URL.'],
    ['28000', 'The vector database refused the user or password. Correct them in VECTOR_DATABASE_URL.'],
    [
      '3D000',
      'The vector database does not exist on its server. Create it, or correct the name at the end of VECTOR_DATABASE_URL.',
    ],
    [
      '53300',
      'The vector database has no connection left. Lower DATABASE_POOL_SIZE, or raise max_connections on its server.',
    ],
    ['57P03', 'The vector database is stopping or starting. Try again in a moment.'],
    ['XX000', 'The connection to the vector database was lost. Try again; if it stays so, check that it runs.'],
  ])('with %s is told apart', async (code, message) => {
    const url = await listen((socket) => {
      socket.once('data', () => socket.end(errorResponse(code)));
    });
    const error = await errorOf(databaseAt(url).query('select 1'));
    expect(error.message).toBe(message);
  });
});

describe('a database that goes away', () => {
  async function startPostgres() {
    const folder = await mkdtemp(join(tmpdir(), 'lookalike-test-'));
    const postgres = await PGlite.create({
      loadDataDir: new Blob([await readFile(inject('databaseTemplates').empty)]),
    });
    const socketPath = join(folder, '.s.PGSQL.5432');
    let server: SingleSessionServer | null = null;
    const start = async (): Promise<void> => {
      server = await startSingleSessionServer({
        session: {
          send: (message, onRawData) => postgres.execProtocolRawStream(message, { onRawData }),
          isInTransaction: () => postgres.isInTransaction(),
        },
        socketPath,
        idleInTransactionMs: 60_000,
        onFatal: (error) => {
          throw error;
        },
      });
    };
    const stop = async (): Promise<void> => server?.close();
    closers.push(async () => {
      await stop();
      await postgres.close();
      await rm(folder, { recursive: true });
    });
    await start();
    return { socketPath, url: socketUrl(socketPath), start, stop };
  }

  /** Passes everything on between a client and a socket until `shouldCut` says to hang up. */
  async function proxyTo(socketPath: string, shouldCut: (sent: Buffer) => boolean): Promise<string> {
    return listen((socket) => {
      const upstream = connect(socketPath);
      closers.push(async () => upstream.destroy());
      upstream.on('error', () => socket.destroy());
      upstream.pipe(socket);
      socket.on('data', (sent) => {
        if (shouldCut(sent)) socket.destroy();
        else upstream.write(sent);
      });
    });
  }

  it('is used again once it is back', async () => {
    const { url, stop, start } = await startPostgres();
    const database = databaseAt(url);
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
    await stop();
    await errorOf(database.query('select 1'));
    await start();
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('during a statement', async () => {
    const { socketPath } = await startPostgres();
    const database = databaseAt(await proxyTo(socketPath, (sent) => sent.includes('cut here')));
    const error = await errorOf(database.query(`select 'cut here'`));
    expect(error.message).toMatch(
      /^The connection to the vector database was lost( \(\w+\))?\. Try again; if it stays so, check that it runs\.$/,
    );
    expect(error.details).toEqual({});
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('during a transaction, which is reported by the error that met it first', async () => {
    const { socketPath } = await startPostgres();
    const database = databaseAt(await proxyTo(socketPath, (sent) => sent.includes('cut here')));
    const error = await errorOf(database.transaction((tx) => tx.query(`select 'cut here'`)));
    expect(error.details).toEqual({});
  });

  it('during a commit, which nobody can tell the outcome of', async () => {
    const { socketPath } = await startPostgres();
    const database = databaseAt(await proxyTo(socketPath, (sent) => sent.includes('commit')));
    const error = await errorOf(database.transaction((tx) => tx.query('select 1')));
    expect(error.message).toBe(
      'The connection to the vector database was lost during a commit, so the change may or may not be stored. Look before doing it again.',
    );
    expect(error.details).toEqual({ outcome: 'unknown' });
  });
});
