import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { startSingleSessionServer, type SingleSessionServer } from './single-session-server.js';
import type { ThreadMessage, ThreadOptions } from './postgres-thread.js';

/** The body of the thread that `startPostgresThread` starts: PGlite behind a Unix socket until it is told to stop. */

/**
 * All connections wait for one that idles inside a transaction, of a process that is stopped, say. A batch and its counts
 * take well under a second, and leases must not run out meanwhile.
 */
const IDLE_IN_TRANSACTION_MS = 10_000;

/** The field of an error that has its severity. No text in an answer has a zero byte on both sides. */
const PANIC = '\0VPANIC\0';

function post(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

async function openPostgres({ storage }: ThreadOptions): Promise<PGlite> {
  switch (storage.kind) {
    case 'folder':
      return PGlite.create({ dataDir: storage.path, extensions: { vector } });
    case 'memory': {
      const loadDataDir = new Blob([await readFile(storage.snapshotPath)]);
      return PGlite.create({ loadDataDir, extensions: { vector } });
    }
  }
}

/** After a panic (a disk that is full or gone) PGlite does not end, as a server does, but hangs at the next message. */
async function send(postgres: PGlite, message: Uint8Array, onAnswer: (bytes: Uint8Array) => void): Promise<void> {
  const seen = { panic: false };
  const onRawData = (bytes: Uint8Array): void => {
    onAnswer(bytes);
    seen.panic ||= Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(PANIC);
  };
  await postgres.runExclusive(() => postgres.execProtocolRawStream(message, { onRawData }));
  if (seen.panic) throw new Error('Postgres panicked: its data folder can not be written or read.');
}

function serve(postgres: PGlite, socketPath: string): Promise<SingleSessionServer> {
  return startSingleSessionServer({
    session: {
      send: (message, onAnswer) => send(postgres, message, onAnswer),
      isInTransaction: () => postgres.isInTransaction(),
    },
    socketPath,
    idleInTransactionMs: IDLE_IN_TRANSACTION_MS,
    onFatal: (error) => {
      // An error that nobody catches ends the thread, which is how the thread's owner learns of it.
      throw error;
    },
  });
}

const options = workerData as ThreadOptions;
const postgres = await openPostgres(options);
const server = options.socketPath === null ? null : await serve(postgres, options.socketPath);

parentPort?.once('message', () => {
  void stop();
});
post('ready');

async function stop(): Promise<void> {
  await server?.close();
  // fsync is off in PGlite: a checkpoint on a calm stop keeps the time short in which a power cut could lose writes.
  await postgres.exec('checkpoint');
  await postgres.close();
  post('stopped');
  parentPort?.close();
}
