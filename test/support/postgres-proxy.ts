import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type NetConnectOpts, type Server } from 'node:net';
import { join } from 'node:path';
import type { Close } from '../../src/types.js';
import { ProxiedConnection, type ConnectionRules, type Judge, type Verdict } from './proxied-connection.js';

/**
 * - *up*          bytes flow.
 * - *black hole*  no byte comes through, nothing is closed, and a new connection gets no answer. What was sent meanwhile
 *                 arrives once the network is up again, for the systems at both ends try again and again.
 * - *refusing*    new connections are reset; those there are go on.
 */
export type NetworkState = 'up' | 'black hole' | 'refusing';

/** Stands between clients and a Postgres, and does to them what networks and servers do. */
export interface PostgresProxy {
  /** Address of the same database through the proxy, over TCP and without TLS. */
  url: string;
  /** The SQL of every statement so far, of all connections, in the order they came. */
  readonly statements: readonly string[];
  /** Sets who judges each statement before the server sees it; null for nobody. */
  onStatement(judge: Judge<Verdict> | null): void;
  /** Sets who judges each complete answer before the client sees it; null for nobody. */
  onAnswered(judge: Judge<'pass' | 'drop'> | null): void;
  setNetwork(state: NetworkState): void;
  /** How many connections were asked for so far, refused ones included. */
  connectionAttempts(): number;
  /** Resets every open connection. */
  resetAll(): void;
  close: Close;
}

/**
 * Starts a proxy on loopback. It follows simple queries and prepared ones that end with Sync, as `pg` sends them; not COPY,
 * cursors (Flush), or a second run of a named statement.
 *
 * @param targetUrl - address of the server, on TCP or on a Unix socket.
 */
export async function startPostgresProxy(targetUrl: string): Promise<PostgresProxy> {
  const rules = new ProxyRules();
  const connections: ProxiedConnection[] = [];
  let attempts = 0;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    // A connection that is reset comes to 'close' too.
    client.on('error', () => undefined);
    attempts += 1;
    const open = () => ({ client, server: connect(addressOf(targetUrl)) });
    if (rules.isRefusing) client.resetAndDestroy();
    else connections.push(new ProxiedConnection(open(), rules, attempts - 1));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const resetAll = (): void => {
    for (const connection of connections.splice(0)) connection.reset();
  };
  return {
    url: urlThrough(server, targetUrl),
    statements: rules.statements,
    onStatement: (judge) => (rules.judgeStatement = judge ?? pass),
    onAnswered: (judge) => (rules.judgeAnswer = judge ?? pass),
    setNetwork: (state) => rules.setNetwork(state),
    connectionAttempts: () => attempts,
    resetAll,
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      resetAll();
      await closed;
    },
  };
}

function addressOf(url: string): NetConnectOpts {
  const { hostname, port, searchParams } = new URL(url);
  const folder = searchParams.get('host');
  if (folder !== null) return { path: join(folder, `.s.PGSQL.${port === '' ? '5432' : port}`) };
  return { host: hostname, port: port === '' ? 5432 : Number(port) };
}

function urlThrough(server: Server, targetUrl: string): string {
  const url = new URL(targetUrl);
  url.searchParams.delete('host');
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return url.href;
}

const pass = (): 'pass' => 'pass';

class ProxyRules implements ConnectionRules {
  readonly statements: string[] = [];
  judgeStatement: Judge<Verdict> = pass;
  judgeAnswer: Judge<'pass' | 'drop'> = pass;
  isRefusing = false;
  networkUp = Promise.resolve();
  #endBlackHole = (): void => undefined;

  setNetwork(state: NetworkState): void {
    this.isRefusing = state === 'refusing';
    this.#endBlackHole();
    if (state !== 'black hole') return;
    this.networkUp = new Promise((resolve) => {
      this.#endBlackHole = resolve;
    });
  }
}
