import { frame, OPCODE, type RawSocket } from '../support/raw-socket.js';
import { TICKS } from '../support/ticking-server.js';

export const INIT = { type: 'connection_init' };
/** Asks for a subscription, which by default is a right one. */
export const subscribe = (id: unknown, payload: unknown = { query: TICKS }) => ({ id, type: 'subscribe', payload });
export const complete = (id: string) => ({ id, type: 'complete' });
export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
export const KIB = 1024;

/** What a hostile client sends, and the code that it is closed with. */
export interface Sequence {
  what: string;
  code: number;
  /** Before anything is sent, the socket is opened and its client accepted, unless this is so. */
  isNew?: true;
  send: (socket: RawSocket) => void;
}

const nested = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
const noUtf8 = Buffer.from([0x22, 0xc3, 0x28, 0x22]);
const part = (size: number, opcode: number) => frame('x'.repeat(size), { opcode, isLast: false });

export const SEQUENCES: Sequence[] = [
  { what: 'text that is no JSON', code: 4400, send: ({ write }) => write(frame('hello')) },
  { what: 'an empty message', code: 4400, send: ({ write }) => write(frame('')) },
  { what: 'a list', code: 4400, send: ({ say }) => say([subscribe('1')]) },
  { what: 'null', code: 4400, send: ({ say }) => say(null) },
  { what: 'a message of the older protocol', code: 4400, send: ({ say }) => say({ id: '1', type: 'start' }) },
  { what: 'an acknowledgement', code: 4400, send: ({ say }) => say({ type: 'connection_ack' }) },
  { what: 'a result', code: 4400, send: ({ say }) => say({ id: '1', type: 'next', payload: {} }) },
  { what: 'a subscription without an id', code: 4400, send: ({ say }) => say(subscribe(undefined)) },
  { what: 'an id that is a number', code: 4400, send: ({ say }) => say(subscribe(1)) },
  { what: 'an empty id', code: 4400, send: ({ say }) => say(subscribe('')) },
  { what: 'a subscription without a document', code: 4400, send: ({ say }) => say(subscribe('1', {})) },
  { what: 'a document that is a list', code: 4400, send: ({ say }) => say(subscribe('1', { query: [TICKS] })) },
  {
    what: 'variables that are a list',
    code: 4400,
    send: ({ say }) => say(subscribe('1', { query: TICKS, variables: [] })),
  },
  {
    what: 'a message 30,000 deep',
    code: 4400,
    send: ({ write }) => write(frame(`{"type":"ping","payload":${nested(30_000)}}`)),
  },
  { what: 'a subscription before the init', code: 4401, isNew: true, send: ({ say }) => say(subscribe('1')) },
  { what: 'pings and no init', code: 4408, isNew: true, send: ({ say }) => say({ type: 'ping' }, { type: 'pong' }) },
  { what: 'an id twice', code: 4409, send: ({ say }) => say(subscribe('1'), subscribe('1')) },
  {
    what: 'an id of the prototype twice',
    code: 4409,
    send: ({ say }) => say(subscribe('__proto__'), subscribe('__proto__')),
  },
  {
    what: 'an id of 20 KiB twice',
    code: 4409,
    send: ({ say }) => say(...times(2, () => subscribe('é'.repeat(10 * KIB)))),
  },
  { what: 'a second init', code: 4429, send: ({ say }) => say(INIT) },
  { what: 'two inits at once', code: 4429, isNew: true, send: ({ say }) => say(INIT, INIT) },
  { what: 'a message of 65 KiB', code: 1009, send: ({ write }) => write(frame('x'.repeat(65 * KIB))) },
  {
    what: 'the claim of a message of 2^52 bytes',
    code: 1009,
    send: ({ write }) => write(frame('', { claimedLength: 2n ** 52n })),
  },
  {
    what: 'parts of a message that has no end',
    code: 1009,
    send: ({ write }) => write(part(40 * KIB, OPCODE.text), part(40 * KIB, OPCODE.continuation)),
  },
  {
    what: 'empty parts of a message that has no end',
    code: 1008,
    send: ({ write }) => write(part(0, OPCODE.text), ...times(20_000, () => part(0, OPCODE.continuation))),
  },
  {
    what: 'binary data',
    code: 1003,
    send: ({ write }) => write(frame(JSON.stringify(INIT), { opcode: OPCODE.binary })),
  },
  { what: 'a frame that is not masked', code: 1002, send: ({ write }) => write(frame('{}', { isMasked: false })) },
  {
    what: 'bits of an extension that there is not',
    code: 1002,
    send: ({ write }) => write(frame('{}', { reserved: 4 })),
  },
  { what: 'a kind of frame that there is not', code: 1002, send: ({ write }) => write(frame('', { opcode: 5 })) },
  {
    what: 'the end of a message that has no beginning',
    code: 1002,
    send: ({ write }) => write(frame('{}', { opcode: OPCODE.continuation })),
  },
  {
    what: 'a ping in parts',
    code: 1002,
    send: ({ write }) => write(frame('', { opcode: OPCODE.ping, isLast: false })),
  },
  {
    what: 'a ping of 200 bytes',
    code: 1002,
    send: ({ write }) => write(frame('x'.repeat(200), { opcode: OPCODE.ping })),
  },
  {
    what: 'a close with a code that is none',
    code: 1002,
    send: ({ write }) => write(frame(Buffer.from([0, 1]), { opcode: OPCODE.close })),
  },
  { what: 'text that is no UTF-8', code: 1007, send: ({ write }) => write(frame(noUtf8)) },
  { what: 'a flood of messages', code: 1008, send: ({ say }) => say(...times(5000, () => ({ type: 'pong' }))) },
  {
    what: 'a flood of pings',
    code: 1008,
    send: ({ write }) => write(...times(5000, () => frame('', { opcode: OPCODE.ping }))),
  },
  {
    what: 'a flood of pongs',
    code: 1008,
    send: ({ write }) => write(...times(5000, () => frame('', { opcode: OPCODE.pong }))),
  },
  {
    what: 'a storm of subscriptions',
    code: 1008,
    send: ({ say }) => say(...times(3000, (index) => subscribe(`id ${index}`))),
  },
  {
    what: 'a storm of subscriptions that are given up at once',
    code: 1008,
    send: ({ say }) => say(...times(3000, () => [subscribe('1'), complete('1')]).flat()),
  },
];
