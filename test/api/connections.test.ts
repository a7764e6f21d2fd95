import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestShop, type TestShop } from '../support/test-shop.js';

let shop: TestShop;
const sockets: Socket[] = [];

beforeAll(async () => {
  shop = await startTestShop({ products: 1, env: { REQUEST_TIMEOUT_MS: '1000' } });
});

afterAll(() => shop.close());

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

async function open(): Promise<Socket> {
  const { hostname, port } = new URL(shop.app.url);
  const socket = connect(Number(port), hostname === 'localhost' ? '127.0.0.1' : hostname);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** What the server sends until it closes the connection. */
async function untilClosed(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return text;
}

function errorIn(answer: string): { status: number; message: string; code: unknown } {
  const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as {
    errors: { message: string; extensions: { code: unknown } }[];
  };
  const [error] = body.errors;
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
  return { status, message: error?.message ?? '', code: error?.extensions.code };
}

const isAlive = async (): Promise<boolean> => (await fetch(`${shop.app.url}livez`)).ok;

const POST = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\napollo-require-preflight: true\r\nContent-Length: 9000\r\n';

describe('a request that does not come to its end', () => {
  const SLOW = {
    status: 408,
    message: 'The request took too long to arrive: see REQUEST_TIMEOUT_MS.',
    code: 'BAD_USER_INPUT',
  };

  it.each([
    ['in its headers', 'GET /graphql HTTP/1.1\r\nHost: localhost\r\nX-A: '],
    ['in its JSON', `${POST}Content-Type: application/json\r\n\r\n{"query"`],
    ['in its photograph', `${POST}Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n`],
    ['of a stream', `${POST.replace('/graphql', '/graphql/stream')}Content-Type: application/json\r\n\r\n{`],
  ])('is cut off with what is wrong: %s', async (_where, start) => {
    const socket = await open();
    socket.write(start);
    expect(errorIn(await untilClosed(socket))).toEqual(SLOW);
    expect(await isAlive()).toBe(true);
  });

  it('is cut off where nothing at all comes', async () => {
    expect(await untilClosed(await open())).toMatch(/^HTTP\/1\.1 408 |^$/);
  });

  it('does not wait for a client that drips', async () => {
    const socket = await open();
    socket.write(`${POST}Content-Type: application/json\r\n\r\n`);
    const dripping = setInterval(() => socket.write(' '), 50);
    const answer = await untilClosed(socket);
    clearInterval(dripping);
    expect(errorIn(answer)).toEqual(SLOW);
  });
});

describe('what is no HTTP', () => {
  it.each([
    ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['no method at all\r\n\r\n', 400],
    ['GET / HTTP/9.9\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nHost: a\r\nBad Header\r\n\r\n', 400],
    [`${POST}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ['POST /graphql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 400],
    [`GET / HTTP/1.1\r\nHost: a\r\nX-A: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('is refused, and leaves the process alive: %j', async (bytes, status) => {
    const socket = await open();
    socket.write(bytes, 'latin1');
    expect(errorIn(await untilClosed(socket))).toMatchObject({ status, code: 'BAD_USER_INPUT' });
    expect(await isAlive()).toBe(true);
  });
});
