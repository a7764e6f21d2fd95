import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { Close } from '../types.js';
import { startWorker } from '../start-worker.js';

export interface ThreadOptions {
  /** A folder that PGlite keeps its files in (made when missing), or memory filled from a dump of such a folder. */
  storage: { kind: 'folder'; path: string } | { kind: 'memory'; snapshotPath: string };
  /** The Unix socket to listen on; null opens the database without serving it. */
  socketPath: string | null;
}

export type ThreadMessage = 'ready' | 'stopped';

export interface PostgresThread {
  /** Stops serving, writes everything to the files and ends the thread. Safe to call twice. */
  close: Close;
  /** Resolves when the thread has ended: with null after `close`, else with what ended it. */
  ended: Promise<Error | null>;
}

/**
 * Starts PGlite with pgvector in a worker thread: it is WebAssembly that computes without a pause, an index build for
 * minutes, and would stop everything else on the thread of the server.
 *
 * @returns once it answers on the socket. The first start on a folder takes about 5 s, later ones 1 s.
 * @param givenUp - ends the thread before it answers, whatever becomes of its files.
 * @throws Error that PGlite raised, as it is.
 */
export async function startPostgresThread(options: ThreadOptions, givenUp?: AbortSignal): Promise<PostgresThread> {
  givenUp?.throwIfAborted();
  const worker = startWorker('db/embedded-postgres-worker', { workerData: options, name: 'embedded-postgres' });
  let isClosing = false;
  const ended = untilEnded(worker, () => isClosing);
  const terminate = (): void => void worker.terminate();
  givenUp?.addEventListener('abort', terminate);
  const early = await Promise.race([once(worker, 'message').then(() => null), ended.then(asError)]);
  givenUp?.removeEventListener('abort', terminate);
  if (early !== null) throw early;

  const close = async (): Promise<void> => {
    if (!isClosing) worker.postMessage('stop');
    isClosing = true;
    await ended;
  };
  return { close, ended };
}

function untilEnded(worker: Worker, wasAsked: () => boolean): Promise<Error | null> {
  return new Promise((resolve) => {
    worker.once('error', resolve);
    worker.once('exit', () => {
      resolve(wasAsked() ? null : asError(null));
    });
  });
}

function asError(error: Error | null): Error {
  return error ?? new Error('The thread of the embedded Postgres ended by itself.');
}
