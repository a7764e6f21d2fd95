import type { IncomingMessage } from 'node:http';
import { CloseCode, type Server } from 'graphql-ws';
import type { RawData, WebSocket } from 'ws';
import type { Log } from '../../log.js';
import { MessageAllowance, type MessageRate } from './message-allowance.js';

/** What the client of one socket may do. */
export interface SocketLimits {
  /** Messages and pings that it sends. */
  rate: MessageRate;
  /** Bytes that wait for it to read them. */
  maxUnsentBytes: number;
  /** Time for `connection_init` to come. */
  initTimeoutMs: number;
  /** How often it is asked whether it is there, and the time that it has to answer. */
  keepAliveMs: number;
  /** Time for it to close its end after the server has closed its own. */
  closeTimeoutMs: number;
}

/** A page subscribes to one thing or two, and pings every ten seconds or so. */
export const SOCKET_LIMITS: SocketLimits = {
  rate: { atOnce: 100, perSecond: 10 },
  maxUnsentBytes: 1024 * 1024,
  initTimeoutMs: 3000,
  keepAliveMs: 12_000,
  // A server that stops waits for it.
  closeTimeoutMs: 2000,
};

/** What graphql-ws keeps beside each socket. */
export interface SocketExtra {
  request: IncomingMessage;
  /** Aborted when the socket is closed. */
  closed: AbortController;
}

export interface SocketServing {
  /** Speaks the protocol. */
  protocol: Server<SocketExtra>;
  limits: SocketLimits;
  log: Log;
}

/** Codes of WebSocket itself. */
export const WEBSOCKET_CLOSE = { goingAway: 1001, unsupportedData: 1003, policyViolation: 1008 } as const;

/**
 * Serves one socket until it is closed. What graphql-ws has for this writes every fault of a client to standard error, and
 * goes on with a client that it has closed, that floods it, or that reads nothing.
 */
export function serveSocket(socket: WebSocket, request: IncomingMessage, serving: SocketServing): void {
  const { protocol, limits, log } = serving;
  const closed = new AbortController();
  const isOpen = () => socket.readyState === socket.OPEN;
  const end = (code: number, reason: string) => {
    endSocket(socket, { code, reason }, limits);
  };
  const allowance = new MessageAllowance(limits.rate);
  const isAllowed = (): boolean => {
    if (!isOpen()) return false;
    if (allowance.take()) return true;
    end(WEBSOCKET_CLOSE.policyViolation, 'Too many messages');
    return false;
  };
  socket.on('ping', isAllowed).on('pong', isAllowed);
  // ws closes the socket by itself, with the code for what is wrong with a frame.
  socket.on('error', (error) => {
    log.debug({ err: error }, 'a socket failed');
  });
  const stopAsking = keepAlive(socket, limits.keepAliveMs);
  const leave = protocol.opened(
    {
      protocol: socket.protocol,
      send: async (data) => send(socket, data, limits),
      close: (code = CloseCode.InternalServerError, reason = '') => {
        end(code, reason);
      },
      onMessage: (take) => {
        socket.on('message', (data: RawData, isBinary: boolean) => {
          if (!isAllowed()) return;
          if (isBinary) {
            end(WEBSOCKET_CLOSE.unsupportedData, 'Messages are text');
            return;
          }
          take(textOf(data)).catch((error: unknown) => {
            // What could not be sent any more is nobody's fault.
            if (isOpen()) log.error({ err: error }, 'a message could not be handled');
            end(CloseCode.InternalServerError, 'Internal server error');
          });
        });
      },
    },
    { request, closed },
  );
  socket.once('close', (code: number, reason: Buffer) => {
    stopAsking();
    // Subscriptions are ended first: to them it is no fault.
    const left = leave(code, reason.toString());
    closed.abort();
    left.catch((error: unknown) => {
      log.error({ err: error }, 'a socket could not be left');
    });
  });
}

/** Closes a socket, and destroys it where its client does not close it too. */
export function endSocket(
  socket: WebSocket,
  { code, reason }: { code: number; reason: string },
  { closeTimeoutMs }: Pick<SocketLimits, 'closeTimeoutMs'>,
): void {
  if (socket.readyState !== socket.OPEN) return;
  socket.close(code, fitting(reason));
  const timeout = setTimeout(() => {
    socket.terminate();
  }, closeTimeoutMs);
  socket.once('close', () => {
    clearTimeout(timeout);
  });
}

/** A close frame has room for 123 bytes, and no character takes more than three for each of its UTF-16 units. */
function fitting(reason: string): string {
  return Buffer.byteLength(reason) <= 123 ? reason : `${reason.slice(0, 40)}…`;
}

/** Resolves when the client has taken what was sent before, as far as the system tells. */
async function send(socket: WebSocket, data: string, { maxUnsentBytes }: SocketLimits): Promise<void> {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > maxUnsentBytes) {
    // It would not read a reason either.
    socket.terminate();
    return;
  }
  await new Promise<void>((resolve, reject) => {
    socket.send(data, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

function textOf(data: RawData): string {
  // Of the kinds that ws can be told to make, it makes buffers.
  return Buffer.isBuffer(data) ? data.toString('utf8') : '';
}

/** Destroys a socket whose client does not answer. @returns What ends it. */
function keepAlive(socket: WebSocket, everyMs: number): () => void {
  let isThere = true;
  socket.on('pong', () => (isThere = true));
  const asking = setInterval(() => {
    if (!isThere) socket.terminate();
    else if (socket.readyState === socket.OPEN) {
      isThere = false;
      socket.ping();
    }
  }, everyMs);
  return () => {
    clearInterval(asking);
  };
}
