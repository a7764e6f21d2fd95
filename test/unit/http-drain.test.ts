import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpDrain } from '../../src/server/http-drain.js';

const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

let server: Server;
let drain: HttpDrain;
let clients: Socket[];

beforeEach(async () => {
  server = createServer();
  drain = new HttpDrain(server, 200);
  clients = [];
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  for (const client of clients) client.destroy();
  server.closeAllConnections();
  server.close();
});

/** A connection that the server has. */
async function open(): Promise<Socket> {
  const accepted = once(server, 'connection');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  clients.push(client);
  await accepted;
  return client;
}

/** Sends a request, and gives what answers it. */
async function ask(client: Socket, request = REQUEST): Promise<ServerResponse> {
  const asked = once(server, 'request');
  client.write(request);
  return ((await asked) as [unknown, ServerResponse])[1];
}

describe('a server that stops', () => {
  it('answers what it has accepted, as the last on its connection', async () => {
    const client = await open();
    const answer = await ask(client);
    drain.begin();
    const ended = drain.end();
    answer.end('done');
    const received = await text(client);
    expect(received).toContain('\r\nConnection: close\r\n');
    expect(received).toContain('done');
    await ended;
  });

  it('answers a request that comes on an open connection before the port is closed', async () => {
    const client = await open();
    (await ask(client)).end('first');
    await once(client, 'data');
    drain.begin();
    (await ask(client)).end('second');
    expect(await text(client)).toMatch(/\r\nConnection: close\r\n.*second/s);
    await drain.end();
  });

  it('closes connections that are idle or were never used, and opens no other', async () => {
    const [idle, unused] = [await open(), await open()];
    (await ask(idle)).end();
    await once(idle, 'data');
    const { port } = server.address() as AddressInfo;
    drain.begin();
    const closed = Promise.all([text(idle), text(unused)]);
    await drain.end();
    await closed;
    const [refused] = (await once(connect(port, '127.0.0.1'), 'error')) as [NodeJS.ErrnoException];
    expect(refused.code).toBe('ECONNREFUSED');
  });

  it('closes a connection behind an answer whose head was sent before', async () => {
    const client = await open();
    const answer = await ask(client);
    answer.write('head ');
    await once(client, 'data');
    drain.begin();
    const ended = drain.end();
    answer.end('tail');
    expect(await text(client)).toContain('tail');
    await ended;
  });

  it('breaks off a request that does not arrive', async () => {
    const client = await open();
    client.on('error', () => undefined);
    const answer = await ask(client, 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nsome of it');
    const left = once(answer, 'close');
    drain.begin();
    await drain.end();
    await left;
  });

  it('is done at once where it never listened', async () => {
    const other = new HttpDrain(createServer());
    other.begin();
    await other.end();
  });
});
