import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { frame, openRawSocket, statusOfHandshake, type RawSocket } from '../support/raw-socket.js';
import { makeRecordedLog } from '../support/recorded-log.js';
import { startTickingServer, type TickingServer } from '../support/ticking-server.js';
import { until } from '../support/until.js';
import { complete, INIT, KIB, SEQUENCES, subscribe, times } from './socket-sequences.js';

const LOG_ERROR = 50;

let server: TickingServer;
const { log, entries } = makeRecordedLog();
const sockets: RawSocket[] = [];

beforeAll(async () => {
  server = await startTickingServer(log);
});

afterAll(() => server.close());

async function open(options: Parameters<typeof openRawSocket>[1] = {}): Promise<RawSocket> {
  const socket = await openRawSocket(server.url, options);
  sockets.push(socket);
  return socket;
}

// Whatever was sent: nothing of it is left, and the next client is served.
afterEach(async () => {
  for (const { connection } of sockets.splice(0)) connection.destroy();
  await until('nothing is open any more', async () => server.subscribers() === 0 && (await server.open()) === 0);
  const socket = await openRawSocket(server.url);
  socket.say(INIT, subscribe('after'));
  await until('the next client has subscribed', () => server.subscribers() === 1);
  server.tick(7);
  await until('it is served', () => socket.messages.length === 2);
  expect(socket.messages).toEqual([
    { type: 'connection_ack' },
    { id: 'after', type: 'next', payload: { data: { tick: 7 } } },
  ]);
  socket.connection.destroy();
  await until('it is gone', () => server.subscribers() === 0);
  expect(entries.filter(({ level }) => Number(level) >= LOG_ERROR)).toEqual([]);
});

describe('a socket is closed with the code of the protocol', () => {
  it.each(SEQUENCES)('$code for $what', async ({ code, isNew, send }) => {
    const socket = await open();
    if (isNew === undefined) socket.say(INIT);
    send(socket);
    expect((await socket.ended()).code).toBe(code);
  });

  it.each([
    ['the older one', 'graphql-ws'],
    ['another one', 'mqtt'],
    ['none', null],
  ])('4406 for a subprotocol that is %s', async (_what, protocol) => {
    const socket = await open({ headers: { 'Sec-WebSocket-Protocol': protocol } });
    expect((await socket.ended()).code).toBe(4406);
  });

  it('1008 for a flood, of which nothing more is read then, though its client does not close', async () => {
    const socket = await open();
    socket.say(INIT, ...times(500, () => ({ type: 'pong' })), subscribe('late'));
    expect(await socket.ended()).toEqual({ code: 1008, reason: 'Too many messages' });
    socket.say(subscribe('later'));
    await until('the server destroys it', () => socket.connection.destroyed);
    expect(server.subscribers()).toBe(0);
  });
});

describe('a socket is destroyed', () => {
  it('where its client makes the server send and reads nothing', async () => {
    const socket = await open();
    socket.say(INIT);
    await until('it is accepted', () => socket.messages.length === 1);
    socket.connection.pause();
    const ended = new Promise((resolve) => socket.connection.once('close', resolve));
    const payload = { text: 'x'.repeat(60 * KIB) };
    socket.say(...times(95, () => ({ type: 'ping', payload })));
    await until('the server has left', async () => (await server.open()) === 0);
    socket.connection.resume();
    await ended;
    expect(socket.closing()).toBeNull();
  });
});

describe('a socket goes on', () => {
  it('with the names of prototypes as ids, and as keys', async () => {
    const socket = await open();
    const ids = ['__proto__', 'constructor', 'hasOwnProperty', 'toString'];
    const init =
      '{"type":"connection_init","payload":{"__proto__":{"authorization":"Bearer x"},"constructor":{"prototype":1}}}';
    socket.write(frame(init));
    socket.say(...ids.map((id) => subscribe(id)));
    await until('all have subscribed', () => server.subscribers() === ids.length);
    server.tick(3);
    await until('all are served', () => socket.messages.length === 1 + ids.length);
    expect(socket.messages.slice(1)).toEqual(ids.map((id) => ({ id, type: 'next', payload: { data: { tick: 3 } } })));
    socket.say(...ids.map(complete));
    await until('all are given up', () => server.subscribers() === 0);
    expect(({} as Record<string, unknown>).authorization).toBeUndefined();
  });

  it('with an init of 60 KiB', async () => {
    const socket = await open();
    socket.say({ ...INIT, payload: { text: 'x'.repeat(60 * KIB) } });
    await until('it is accepted', () => socket.messages.length === 1);
  });

  it('with more subscriptions than it carries, which are refused one by one', async () => {
    const socket = await open();
    socket.say(INIT, ...times(60, (index) => subscribe(`id ${index}`)));
    await until('all are answered', () => socket.messages.length === 1 + 50);
    expect(server.subscribers()).toBe(10);
    expect(socket.messages.at(-1)).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });

  it('with subscriptions that are given up before they have begun, and the end of some that there are not', async () => {
    const socket = await open();
    socket.say(INIT, ...times(40, () => [subscribe('1'), complete('1')]).flat(), complete('2'), subscribe('3'));
    await until('only the last one is left', () => server.subscribers() === 1);
  });
});

describe('a handshake is refused', () => {
  it.each([
    [400, 'on another path', { path: '/graphql/stream' }],
    [400, 'on a path of no kind', { path: '/%00/../graphql?x=%ff' }],
    [400, 'with a key that is none', { headers: { 'Sec-WebSocket-Key': 'short' } }],
    [400, 'without a key', { headers: { 'Sec-WebSocket-Key': null } }],
    [400, 'with a version that there is not', { headers: { 'Sec-WebSocket-Version': '99' } }],
    [400, 'to another protocol', { headers: { Upgrade: 'h2c' } }],
    [405, 'by POST', { method: 'POST' }],
    [400, 'with a subprotocol that is no word', { headers: { 'Sec-WebSocket-Protocol': 'a b,,' } }],
    [401, 'from a page of another site', { headers: { Origin: 'https://elsewhere.example' } }],
  ])('with %i %s', async (status, _how, options) => {
    expect(await statusOfHandshake(server.url, options)).toBe(status);
  });
});
