import type pg from 'pg';
import type { Log } from '../log.js';
import {
  commitLost,
  connectionLost,
  endsConnection,
  translateConnectError,
  translateQueryError,
} from './database-errors.js';
import { answerInTime, giveUp, makePool } from './database-pool.js';

/** Which of the two databases: the shop's own catalogue, or the one that holds vectors, runs and the queue. */
export type DatabaseName = 'catalogue' | 'vector';

/**
 * What runs a statement: the database itself, or one of its transactions.
 *
 * Rows come as `pg` makes them: `bigint` and `numeric` as strings, so a count is cast in SQL (`count(*)::int`, or
 * `::float8` where it may pass 2^31); `timestamptz` as a `Date`.
 */
export interface Queryable {
  /**
   * @throws ServiceUnavailableError when the database can't answer now; an error of the statement itself comes as `pg`
   *   raises it, with its SQLSTATE in `code`.
   */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

export interface PoolUse {
  /** Open connections. */
  total: number;
  idle: number;
  /** Statements that wait for a connection. */
  waiting: number;
}

export interface Database extends Queryable {
  /**
   * Runs `work` in a transaction of its own: committed when it resolves, rolled back when it rejects.
   *
   * Inside `work` only `tx` may be used. The embedded Postgres has one session, so a statement of another connection
   * waits until the transaction ends: awaiting one inside `work` would wait for ever.
   *
   * @throws ServiceUnavailableError when the database can't answer now; with `details.outcome` `'unknown'` when the
   *   connection was lost during the commit.
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /**
   * Runs `work` on one connection and outside a transaction: for what belongs to a session (an advisory lock, a setting)
   * and for statements that refuse a transaction. `work` leaves the session as it found it. Its statements may take as
   * long as they need: an index is built so.
   */
  session<T>(work: (session: Queryable) => Promise<T>): Promise<T>;
  /** How busy its connections are. */
  poolUse(): PoolUse;
  /**
   * Waits for running statements and closes every connection; over a network no longer than `statementTimeoutMs`. Safe to
   * call twice.
   */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgresql://user:password@host:5432/database`, or `postgresql://user@localhost/database?host=/folder/of/a/socket`. */
  url: string;
  name: DatabaseName;
  /** Connections that are open at the same time at most. */
  maxConnections: number;
  log: Log;
  /** SQL that runs first on each new connection: settings of the session. */
  onConnect?: string;
  /**
   * Time for the answer to a statement, past which the server is taken for gone and the connection is given up. 60 s by
   * default. It does not hold for a session, nor on a Unix socket: there the embedded Postgres serves one after another.
   */
  statementTimeoutMs?: number;
}

/** Many times what the slowest statement outside a session takes, and a small part of what the system would wait. */
const STATEMENT_TIMEOUT_MS = 60_000;

/**
 * Makes a database over a pool of connections. Nothing connects before the first statement, and a server that goes away
 * never ends the process: statements fail with `ServiceUnavailableError` until it is back.
 */
export function makeDatabase(options: DatabaseOptions): Database {
  return new PooledDatabase(options);
}

class PooledDatabase implements Database {
  readonly #pool: pg.Pool;
  readonly #name: DatabaseName;
  readonly #statementTimeoutMs: number;
  /** Those that are out of the pool. */
  readonly #connections = new Set<Connection>();
  #closed: Promise<void> | null = null;

  constructor({ url, name, maxConnections, log, ...options }: DatabaseOptions) {
    const { onConnect = null, statementTimeoutMs = STATEMENT_TIMEOUT_MS } = options;
    this.#name = name;
    this.#statementTimeoutMs = statementTimeoutMs;
    this.#pool = makePool({ url, maxConnections, onConnect, statementTimeoutMs });
    this.#pool.on('error', (error) => {
      log.warn({ database: name, reason: codeOf(error) }, 'lost an idle database connection');
    });
  }

  query<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.#withConnection(this.#statementTimeoutMs, (connection) => connection.query<Row>(text, values));
  }

  session<T>(work: (session: Queryable) => Promise<T>): Promise<T> {
    return this.#withConnection(null, work);
  }

  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    return this.#withConnection(this.#statementTimeoutMs, async (connection) => {
      await connection.query('begin');
      const result = await this.#orRollBack(connection, work);
      await connection.commit();
      return result;
    });
  }

  poolUse(): PoolUse {
    const { totalCount: total, idleCount: idle, waitingCount: waiting } = this.#pool;
    return { total, idle, waiting };
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    const timer = setTimeout(() => {
      for (const connection of this.#connections) connection.giveUp();
    }, this.#statementTimeoutMs);
    await this.#pool.end();
    clearTimeout(timer);
  }

  async #orRollBack<T>(connection: Connection, work: (tx: Queryable) => Promise<T>): Promise<T> {
    try {
      return await work(connection);
    } catch (error) {
      await connection.rollBack();
      throw error;
    }
  }

  async #withConnection<T>(timeoutMs: number | null, work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = new Connection(await this.#connect(), this.#name, timeoutMs);
    this.#connections.add(connection);
    try {
      return await work(connection);
    } finally {
      this.#connections.delete(connection);
      connection.release();
    }
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw translateConnectError(error, this.#name);
    }
  }
}

/** A connection while it is out of the pool. It goes back only when it can be used again. */
class Connection implements Queryable {
  readonly #client: pg.PoolClient;
  readonly #name: DatabaseName;
  readonly #timeoutMs: number | null;
  #isBroken = false;

  /** @param timeoutMs - for the answer to each statement; null for as long as it takes. */
  constructor(client: pg.PoolClient, name: DatabaseName, timeoutMs: number | null) {
    this.#client = client;
    this.#name = name;
    this.#timeoutMs = timeoutMs;
    client.on('error', this.#onError);
  }

  async query<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const result = await this.#run(text, values);
    return result.rows as Row[];
  }

  async commit(): Promise<void> {
    const result = await this.#run('commit', []).catch((error: unknown) => {
      throw this.#isBroken ? commitLost(this.#name, error) : error;
    });
    // Postgres answers COMMIT with ROLLBACK when a statement of the transaction failed, and calls that a success.
    if (result.command !== 'COMMIT') {
      throw new Error(
        'The transaction was rolled back: one of its statements had failed and the error was not passed on.',
      );
    }
  }

  async rollBack(): Promise<void> {
    await this.#run('rollback', []).catch(() => {
      // The error that led here is the one to report. This connection's state is unknown now, so it is not used again.
      this.#isBroken = true;
    });
  }

  giveUp(): void {
    giveUp(this.#client);
  }

  release(): void {
    this.#client.off('error', this.#onError);
    this.#client.release(this.#isBroken);
  }

  async #run(text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
    try {
      return await answerInTime(this.#client, this.#timeoutMs, () => this.#client.query(text, [...values]));
    } catch (error) {
      if (endsConnection(error)) this.#isBroken = true;
      const translated = translateQueryError(error, this.#name);
      // A server that is told to stop says so before it hangs up, and that says more than a lost connection.
      throw this.#isBroken && translated === error ? connectionLost(this.#name, error) : translated;
    }
  }

  readonly #onError = (): void => {
    this.#isBroken = true;
  };
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
