import pg from 'pg';

export interface DatabasePoolOptions {
  url: string;
  /** Connections that are open at the same time at most. */
  maxConnections: number;
  /** SQL that runs first on each new connection; null for none. */
  onConnect: string | null;
  /** Time for the answer to that SQL. */
  statementTimeoutMs: number;
}

/** Time for the server to answer a new connection. Past it, waiting longer has not helped anyone. */
const CONNECT_TIMEOUT_MS = 5_000;

/** Time for the server to hang up after the goodbye. It does so at once where it hears it. */
const GOODBYE_TIMEOUT_MS = 5_000;

/** Time that a statement waits for a free connection of the pool before it is refused. */
const CHECKOUT_TIMEOUT_MS = 30_000;

/** Idle time after which the system asks whether the other side is still there. */
const KEEP_ALIVE_DELAY_MS = 10_000;

/** Makes a pool of connections. Nothing connects before it is asked for one. */
export function makePool({ url, maxConnections, onConnect, statementTimeoutMs }: DatabasePoolOptions): pg.Pool {
  const config: PoolConfig = {
    connectionString: url,
    max: maxConnections,
    application_name: 'lookalike',
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
    connectionTimeoutMillis: CHECKOUT_TIMEOUT_MS,
    Client: ImpatientClient,
    ...(onConnect !== null && {
      onConnect: async (client) => {
        await answerInTime(client, statementTimeoutMs, () => client.query(onConnect));
      },
    }),
  };
  return new pg.Pool(config);
}

/** The hook of `pg-pool` may return a promise, which its published type does not say. */
type PoolConfig = pg.PoolConfig & { onConnect?: (client: pg.ClientBase) => Promise<void> | undefined };

/** A client that waits neither for a server that does not greet nor for one that does not hang up. */
export class ImpatientClient extends pg.Client {
  /** The pool's own timeout covers waiting for a free connection too, which may well take longer than connecting. */
  constructor(config?: pg.ClientConfig) {
    super({ ...config, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  }

  override end(): Promise<void>;
  override end(callback: (error: Error) => void): void;
  override end(callback?: (error: Error) => void): Promise<void> | undefined {
    // The timer need not keep the process running: the connection does so while it is open.
    setTimeout(() => this.connection.stream.destroy(), GOODBYE_TIMEOUT_MS).unref();
    if (callback === undefined) return super.end();
    super.end(callback);
    return undefined;
  }
}

/**
 * Runs a statement and gives its connection up when there is no answer in time: a server that vanished says nothing, and
 * the system takes a quarter of an hour to believe it. With the `query_timeout` of `pg` the connection would go on waiting
 * for the answer, and so would whatever is asked next.
 *
 * @param timeoutMs - null waits for as long as the statement takes.
 */
export async function answerInTime<T>(
  client: pg.ClientBase,
  timeoutMs: number | null,
  statement: () => Promise<T>,
): Promise<T> {
  if (timeoutMs === null) return statement();
  const timer = setTimeout(() => giveUp(client), timeoutMs);
  try {
    return await statement();
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Hangs up at once; a statement that waits for its answer fails as it does when the system has given up. On a Unix socket
 * it does nothing: nobody vanishes there unnoticed, and the embedded Postgres serves one after another.
 */
export function giveUp(client: pg.ClientBase): void {
  if (!(client instanceof pg.Client) || client.host.startsWith('/')) return;
  client.connection.stream.destroy(Object.assign(new Error('No answer in time.'), { code: 'ETIMEDOUT' }));
}
