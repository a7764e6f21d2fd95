import { createServer, type Server, type Socket } from 'node:net';
import { rollbackMessage, syncMessage, WireMessageReader, type WireMessage } from './wire-messages.js';

/** A Postgres backend that is one session, whoever speaks to it. PGlite is one. */
export interface Session {
  /** Runs one protocol message; the answer comes through `onAnswer` before the promise resolves. */
  send(message: Uint8Array, onAnswer: (bytes: Uint8Array) => void): Promise<void>;
  isInTransaction(): boolean;
}

export interface SingleSessionServer {
  /** Takes no new connection, ends those there are and waits for the message that is being answered. */
  close(): Promise<void>;
}

export interface SingleSessionServerOptions {
  session: Session;
  /** Where to listen. The folder decides who may connect. */
  socketPath: string;
  /** A connection that says nothing for so long inside a transaction is ended, for all others wait for it. */
  idleInTransactionMs: number;
  /** The session failed while it answered a message, and can't be used any more. */
  onFatal: (error: unknown) => void;
}

/**
 * Lets many connections share one session without seeing each other's half-finished work.
 *
 * A connection has the session from its first message until the server is ready again and no transaction is open; the
 * others wait in the order they came. `@electric-sql/pglite-socket` hands the session over between any two messages
 * outside a transaction, so that a pipeline that arrives in two pieces (a statement with 200 KB of parameters) runs
 * with the statement that another connection prepared meanwhile.
 */
export async function startSingleSessionServer(options: SingleSessionServerOptions): Promise<SingleSessionServer> {
  const scheduler = new Scheduler(options);
  const server = createServer((socket) => {
    scheduler.accept(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.socketPath, resolve);
  });
  return { close: () => closeServer(server, scheduler) };
}

async function closeServer(server: Server, scheduler: Scheduler): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  await scheduler.end();
  await closed;
}

/** One connection, with the messages that the session has not seen yet. */
interface Peer {
  readonly socket: Socket;
  readonly pending: WireMessage[];
  /** Set when the socket is gone; its unanswered messages are dropped. */
  isGone: boolean;
}

class Scheduler {
  readonly #options: SingleSessionServerOptions;
  readonly #peers = new Set<Peer>();
  readonly #waiting = new Set<Peer>();
  #owner: Peer | null = null;
  /** True from the owner's first message of a pipeline until its last. */
  #isMidPipeline = false;
  #pumping: Promise<void> | null = null;
  /** Runs from the last word of the owner on; null while there is none, or it is being answered. */
  #idleTimer: NodeJS.Timeout | null = null;

  constructor(options: SingleSessionServerOptions) {
    this.#options = options;
  }

  accept(socket: Socket): void {
    const peer: Peer = { socket, pending: [], isGone: false };
    const reader = new WireMessageReader();
    this.#peers.add(peer);
    socket.on('data', (chunk: Buffer) => {
      this.#receive(peer, reader, chunk);
    });
    // 'close' follows, and that is where a lost connection is handled.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#leave(peer);
    });
  }

  /** Ends every connection, and waits until the session has been cleaned up after each. */
  async end(): Promise<void> {
    this.#endWatch();
    await Promise.all([...this.#peers].map(({ socket }) => destroyed(socket)));
    while (this.#pumping !== null) await this.#pumping;
  }

  #receive(peer: Peer, reader: WireMessageReader, chunk: Buffer): void {
    try {
      for (const message of reader.push(chunk)) this.#enqueue(peer, message);
    } catch {
      peer.socket.destroy();
    }
    this.#pump();
  }

  #enqueue(peer: Peer, message: WireMessage): void {
    switch (message.kind) {
      case 'encryption':
        peer.socket.write('N');
        return;
      case 'cancel':
      case 'terminate':
        // The session has no second thread that could cancel what the first is doing.
        peer.socket.end();
        return;
      case 'last':
      case 'more':
        peer.pending.push(message);
        this.#waiting.add(peer);
    }
  }

  #leave(peer: Peer): void {
    peer.isGone = true;
    peer.pending.length = 0;
    this.#peers.delete(peer);
    this.#waiting.delete(peer);
    this.#pump();
  }

  /** Starts answering where nothing is being answered. */
  #pump(): void {
    if (this.#pumping !== null) return;
    this.#pumping = this.#answerAll()
      .catch((error: unknown) => {
        this.#options.onFatal(error);
      })
      .finally(() => {
        this.#pumping = null;
      });
  }

  async #answerAll(): Promise<void> {
    for (let peer = this.#next(); peer !== null; peer = this.#next()) {
      if (peer.isGone) await this.#cleanUpAfter();
      else await this.#answer(peer);
    }
    if (this.#owner !== null) this.#watchIdle(this.#owner);
  }

  /** Who is served now: the owner where it has something to say or is gone, else the first that waits. */
  #next(): Peer | null {
    if (this.#owner !== null) return this.#owner.isGone || this.#owner.pending.length > 0 ? this.#owner : null;
    const [first] = this.#waiting;
    return first ?? null;
  }

  async #answer(peer: Peer): Promise<void> {
    this.#endWatch();
    const message = peer.pending.shift();
    if (message === undefined) {
      this.#waiting.delete(peer);
      return;
    }
    this.#owner = peer;
    this.#isMidPipeline = message.kind === 'more';
    await this.#options.session.send(message.bytes, (bytes) => {
      // The bytes lie in the session's memory, which its next answer overwrites.
      if (peer.socket.writable) peer.socket.write(Buffer.from(bytes));
    });
    if (!this.#isMidPipeline && !this.#options.session.isInTransaction()) this.#release(peer);
  }

  #release(peer: Peer): void {
    this.#owner = null;
    this.#waiting.delete(peer);
    if (peer.pending.length > 0) this.#waiting.add(peer);
  }

  /** Ends what an owner that is gone left open. */
  async #cleanUpAfter(): Promise<void> {
    this.#endWatch();
    const { session } = this.#options;
    const ignore = (): void => undefined;
    if (this.#isMidPipeline) await session.send(syncMessage, ignore);
    this.#isMidPipeline = false;
    if (session.isInTransaction()) await session.send(rollbackMessage, ignore);
    this.#owner = null;
  }

  /** Those who wait go on knocking, which must not give the owner more time: they may never stop. */
  #watchIdle(owner: Peer): void {
    this.#idleTimer ??= setTimeout(() => {
      owner.socket.destroy();
    }, this.#options.idleInTransactionMs);
  }

  #endWatch(): void {
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
  }
}

function destroyed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => {
      resolve();
    });
    socket.destroy();
  });
}
