import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buildSchema } from 'graphql';
import { makeServer } from 'graphql-ws';
import { afterEach, beforeEach, expect, it } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import {
  endSocket,
  serveSocket,
  SOCKET_LIMITS,
  type SocketExtra,
} from '../../src/server/subscriptions/socket-connection.js';
import { openRawSocket } from '../support/raw-socket.js';
import { silentLog } from '../support/silent-log.js';
import { until } from '../support/until.js';

const limits = { ...SOCKET_LIMITS, keepAliveMs: 50, closeTimeoutMs: 50 };

let sockets: WebSocketServer;
let url: string;

beforeEach(async () => {
  const protocol = makeServer<Record<string, unknown>, SocketExtra>({
    schema: buildSchema('type Query { one: Int }'),
  });
  sockets = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => 'graphql-transport-ws' });
  sockets.on('connection', (socket, request) => {
    serveSocket(socket, request, { protocol, limits, log: silentLog });
  });
  await once(sockets, 'listening');
  url = `http://127.0.0.1:${(sockets.address() as AddressInfo).port}/`;
});

afterEach(() => {
  for (const socket of sockets.clients) socket.terminate();
  sockets.close();
});

it('destroys a socket whose client is not there any more', async () => {
  const { connection, closing } = await openRawSocket(url);
  await until('it is destroyed', () => connection.destroyed);
  expect(closing()).toBeNull();
  expect(sockets.clients.size).toBe(0);
});

it('leaves one open whose client answers', async () => {
  const client = new WebSocket(url, 'graphql-transport-ws');
  let pings = 0;
  client.on('ping', () => (pings += 1));
  await until('it was asked many times', () => pings >= 5);
  expect(client.readyState).toBe(WebSocket.OPEN);
});

it('destroys one that was closed, and whose client does not close it', async () => {
  const { connection, ended } = await openRawSocket(url);
  for (const socket of sockets.clients) endSocket(socket, { code: 1001, reason: 'Going away' }, limits);
  expect(await ended()).toEqual({ code: 1001, reason: 'Going away' });
  await until('it is destroyed', () => connection.destroyed);
});
