import { STATUS_CODES, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { BadUserInputError } from '../errors.js';
import type { Log } from '../log.js';
import type { ServerConfig } from '../server-config.js';

/** Headers come at once; only a photograph takes its time. */
const MAX_HEADERS_MS = 15_000;

/** Longer than proxies keep a connection without a request, or they would send one down a connection that is being closed. */
const KEEP_ALIVE_MS = 75_000;

const MAX_HEADERS = 100;

/** How long requests may take to arrive, as options of a server. Node looks every so often whether one takes longer. */
export function connectionLimits({ requestTimeoutMs }: Pick<ServerConfig, 'requestTimeoutMs'>): ServerOptions {
  return {
    requestTimeout: requestTimeoutMs,
    headersTimeout: Math.min(requestTimeoutMs, MAX_HEADERS_MS),
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: Math.min(requestTimeoutMs / 4, 5000),
  };
}

interface Refusal {
  status: number;
  message: string;
}

/** Answers, in the shape of GraphQL's errors, what is no HTTP or takes too long, and closes the connection. */
export function refuseBadConnections(server: Server, log: Log): void {
  server.maxHeadersCount = MAX_HEADERS;
  const answers = new WeakMap<Duplex, ServerResponse>();
  server.prependListener('request', ({ socket }, response) => {
    answers.set(socket, response);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    log.debug({ err: error }, 'a connection was refused');
    const answer = answers.get(socket);
    // Nothing may be written into an answer that is under way.
    const isAnswering = answer !== undefined && answer.headersSent && !answer.writableFinished;
    if (!socket.writable || isAnswering || error.code === 'ECONNRESET') socket.destroy();
    else {
      socket.end(toHttp(refusalOf(error)), () => {
        // What the client still sends is not waited for.
        socket.destroy();
      });
    }
  });
}

const TOO_SLOW: Refusal = { status: 408, message: 'The request took too long to arrive: see REQUEST_TIMEOUT_MS.' };
const TOO_LONG: Refusal = { status: 431, message: 'The headers of the request are too long.' };
const MALFORMED: Refusal = { status: 400, message: 'This is no HTTP request that can be read.' };

function refusalOf({ code }: NodeJS.ErrnoException): Refusal {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return TOO_SLOW;
  return code === 'HPE_HEADER_OVERFLOW' ? TOO_LONG : MALFORMED;
}

function toHttp({ status, message }: Refusal): string {
  const { extensions } = new BadUserInputError('request', message);
  const body = JSON.stringify({ errors: [{ message, extensions }] });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
