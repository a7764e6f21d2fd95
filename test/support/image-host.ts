import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { ImageConfig } from '../../src/config.js';

/** What the host does with one request. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface ImageHostOptions {
  /** Serves https with a certificate that nobody trusts. */
  scheme?: 'http' | 'https';
}

/** A host of images on loopback that does as it is told. */
export interface ImageHost {
  /** `http://127.0.0.1:port`, without a slash at the end. */
  origin: string;
  /** `127.0.0.1:port`, as IMAGE_ALLOWED_PRIVATE_HOSTS takes it. */
  host: string;
  /** Every request so far, in order. */
  requests: IncomingMessage[];
  /** Resolves at the next request, once its answer has begun. */
  nextRequest(): Promise<IncomingMessage>;
  /** Sets what a path answers; other paths answer 404. The query is no part of the path. */
  on(path: string, answer: Answer): void;
  /** Connections that are open now, idle ones included. */
  connectionCount(): Promise<number>;
  /** Connections that were ever opened. */
  openedConnections(): number;
  /** Drops all connections. */
  close: () => Promise<void>;
}

/**
 * Starts a host of images.
 *
 * @param routes - what each path answers: `{ '/a.jpg': photograph(bytes) }`.
 */
export async function startImageHost(
  routes: Readonly<Record<string, Answer>> = {},
  options: ImageHostOptions = {},
): Promise<ImageHost> {
  const { scheme = 'http' } = options;
  const answers = new Map(Object.entries(routes));
  const requests: IncomingMessage[] = [];
  const server = makeServer(scheme, (request, response) => {
    requests.push(request);
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    (answers.get(path) ?? status(404))(request, response);
    server.emit('answered', request);
  });
  let opened = 0;
  server.on('connection', () => (opened += 1));
  const host = `127.0.0.1:${await listen(server)}`;
  return {
    origin: `${scheme}://${host}`,
    host,
    requests,
    nextRequest: async () => ((await once(server, 'answered')) as [IncomingMessage])[0],
    on: (path, answer) => void answers.set(path, answer),
    connectionCount: () => countConnections(server),
    openedConnections: () => opened,
    close: () => closeServer(server),
  };
}

function makeServer(scheme: 'http' | 'https', listener: RequestListener): Server {
  if (scheme === 'http') return createServer(listener);
  // openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj /CN=localhost
  //   -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" -keyout self-signed-key.pem -out self-signed-cert.pem
  const fixture = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));
  return createTlsServer({ key: fixture('self-signed-key.pem'), cert: fixture('self-signed-cert.pem') }, listener);
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function countConnections(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => {
      if (error === null) resolve(count);
      else reject(error);
    });
  });
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

/** Settings of an image source with no base, no allowed hosts, small limits and one attempt, except as given. */
export function imageSettings(given: Partial<ImageConfig> = {}): ImageConfig {
  return {
    baseUrl: null,
    root: null,
    allowedPrivateHosts: [],
    maxBytes: 1024 * 1024,
    maxPixels: 40_000_000,
    timeoutMs: 10_000,
    maxAttempts: 1,
    ...given,
  };
}

/** Sends the bytes with their true length. */
export function photograph(bytes: Uint8Array, headers: Record<string, string> = {}): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': bytes.length, ...headers }).end(bytes);
  };
}

/** Sends the bytes and what they are known by, or 304 to whoever knows them by that: RFC 9110 13.2.2. */
export function knownBy(validators: { etag?: string; 'last-modified'?: string }, bytes: Uint8Array): Answer {
  return (request, response) => {
    const { 'if-none-match': tag, 'if-modified-since': date } = request.headers;
    const isKnown = tag === undefined ? date === (validators['last-modified'] ?? '') : tag === validators.etag;
    const answer = isKnown ? status(304, validators) : photograph(bytes, validators);
    answer(request, response);
  };
}

/** Answers with a status, headers and a body of one sentence, or none where the status allows none. */
export function status(code: number, headers: Record<string, string> = {}): Answer {
  return (_request, response) => {
    response.writeHead(code, headers).end(code === 204 || code === 304 ? undefined : `Status ${code}.`);
  };
}

/** Redirects; `to` goes into `Location` as it is. */
export function redirect(to: string, code = 302): Answer {
  return status(code, { location: to });
}

/** Takes the request and never answers. */
export function silence(): Answer {
  return () => undefined;
}

/** Sends the headers and the first bytes, then nothing more. */
export function stall(first: Uint8Array, length = first.length + 1): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-length': length });
    response.write(first);
  };
}

/** Sends the bytes one at a time. */
export function trickle(bytes: Uint8Array, everyMs: number): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    let sent = 0;
    const timer = setInterval(() => {
      response.write(bytes.subarray(sent, ++sent));
      if (sent === bytes.length) response.end();
    }, everyMs);
    response.on('close', () => {
      clearInterval(timer);
    });
  };
}

/** Sends the headers one byte at a time and never ends them. */
export function trickleHeaders(everyMs: number): Answer {
  return (request) => {
    const { socket } = request;
    socket.write('HTTP/1.1 200 OK\r\nx-slow: ');
    const timer = setInterval(() => socket.write('a'), everyMs);
    socket.on('close', () => {
      clearInterval(timer);
    });
  };
}

/** Sends headers and a few bytes, then breaks the connection with a TCP reset. */
export function resetMidBody(first: Uint8Array): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-length': first.length + 1000 });
    response.write(first, () => response.socket?.resetAndDestroy());
  };
}

/** Declares another length than it sends, and closes the connection after what it sent. */
export function wrongLength(bytes: Uint8Array, declared: number): Answer {
  return rawAnswer(`HTTP/1.1 200 OK\r\nContent-Length: ${declared}\r\n\r\n`, bytes);
}

/** Sends a chunked body that is cut off before its last chunk. */
export function truncatedChunks(bytes: Uint8Array): Answer {
  const head = `HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${bytes.length.toString(16)}\r\n`;
  return rawAnswer(head, bytes);
}

/** Writes bytes past the HTTP server and closes the connection. */
export function rawAnswer(head: string, body: Uint8Array = new Uint8Array()): Answer {
  return (request) => {
    request.socket.end(Buffer.concat([Buffer.from(head, 'latin1'), body]));
  };
}

/** Compresses the bytes though it was not asked to. */
export function gzipped(bytes: Uint8Array): Answer {
  return photograph(gzipSync(bytes), { 'content-encoding': 'gzip' });
}

/** Sends chunks as fast as they are taken, for as long as somebody takes them. */
export function endlessChunks(chunk: Uint8Array): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'image/jpeg' });
    const more = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', more);
    more();
  };
}

/** Gives each request the next answer, and the last one from then on. */
export function inTurn(...answers: [Answer, ...Answer[]]): Answer {
  let next = 0;
  return (request, response) => {
    const answer = answers[Math.min(next++, answers.length - 1)];
    answer?.(request, response);
  };
}

/** Resolves when the connection of a request is closed, by whichever side and however rudely. */
export function hungUp({ socket }: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    else
      socket.once('close', () => {
        resolve();
      });
  });
}
