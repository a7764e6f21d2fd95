import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { until } from './until.js';

/** What a frame is, as WebSocket numbers it. */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface FrameOptions {
  opcode?: number;
  /** Whether it is the last of its message; it is by default. */
  isLast?: boolean;
  /** Clients have to mask what they send; they do by default. */
  isMasked?: boolean;
  /** The three bits that extensions may use. */
  reserved?: number;
  /** What the frame says of its length, where it is not true. */
  claimedLength?: bigint;
}

/** One frame as it goes over the wire. */
export function frame(payload: Buffer | string, options: FrameOptions = {}): Buffer {
  const { opcode = OPCODE.text, isLast = true, isMasked = true, reserved = 0 } = options;
  const data = Buffer.from(payload);
  const length = options.claimedLength ?? BigInt(data.length);
  const mask = isMasked ? randomBytes(4) : Buffer.alloc(0);
  const first = (isLast ? 0x80 : 0) | (reserved << 4) | opcode;
  const masked = data.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.concat([Buffer.from([first]), lengthOf(length, isMasked ? 0x80 : 0), mask, masked]);
}

function lengthOf(length: bigint, maskBit: number): Buffer {
  if (length < 126n) return Buffer.from([maskBit | Number(length)]);
  const bytes = length < 65_536n ? 2 : 8;
  const field = Buffer.alloc(1 + bytes, maskBit | (bytes === 2 ? 126 : 127));
  if (bytes === 2) field.writeUInt16BE(Number(length), 1);
  else field.writeBigUInt64BE(length, 1);
  return field;
}

/** How a server ended a connection: with the code of its close frame, or without one. */
export interface Ending {
  code: number | null;
  reason: string;
}

/** A client that does only what it is told: it answers no ping and no close. */
export interface RawSocket {
  connection: Socket;
  write: (...bytes: readonly Buffer[]) => void;
  /** Sends messages as JSON. */
  say: (...messages: readonly unknown[]) => void;
  /** Messages that have come. */
  messages: unknown[];
  /** The close frame that has come; null while there is none. */
  closing: () => Ending | null;
  /** Waits until the server has ended it. */
  ended: () => Promise<Ending>;
}

export interface HandshakeOptions {
  path?: string;
  method?: string;
  /** Of the handshake; null leaves one out. */
  headers?: Record<string, string | null>;
}

/** The bytes of a handshake. */
export function handshake({ path = '/graphql', method = 'GET', headers = {} }: HandshakeOptions = {}): string {
  const all: Record<string, string | null> = {
    Host: 'localhost',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    'Sec-WebSocket-Protocol': 'graphql-transport-ws',
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  return [`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n');
}

/** Sends a handshake. @returns The status of the answer. */
export async function statusOfHandshake(url: string, options: HandshakeOptions): Promise<number> {
  const connection = connect(Number(new URL(url).port), '127.0.0.1');
  connection.on('error', () => undefined);
  connection.write(handshake(options));
  const [answer] = (await once(connection, 'data')) as [Buffer];
  connection.destroy();
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer.toString('latin1'))?.[1]);
}

/** Opens a socket. @throws Error where the server does not. */
export async function openRawSocket(url: string, options: HandshakeOptions = {}): Promise<RawSocket> {
  const connection = connect(Number(new URL(url).port), '127.0.0.1');
  const received = { bytes: Buffer.alloc(0), ending: null as Ending | null, isEnded: false };
  const messages: unknown[] = [];
  connection.on('error', () => undefined);
  connection.once('close', () => (received.isEnded = true));
  connection.write(handshake(options));
  connection.on('data', (chunk: Buffer) => {
    received.bytes = Buffer.concat([received.bytes, chunk]);
    const head = received.bytes.indexOf('\r\n\r\n');
    if (head === -1) return;
    const { frames, rest } = framesIn(received.bytes.subarray(head + 4));
    received.bytes = Buffer.concat([received.bytes.subarray(0, head + 4), rest]);
    for (const { opcode, payload } of frames) {
      if (opcode === OPCODE.text) messages.push(JSON.parse(payload.toString()));
      if (opcode === OPCODE.close) received.ending = endingOf(payload);
    }
  });
  await until('the server answers the handshake', () => received.bytes.includes('\r\n\r\n'));
  if (!received.bytes.toString('latin1').startsWith('HTTP/1.1 101 ')) throw new Error(received.bytes.toString());
  const write = (...bytes: readonly Buffer[]): void => void connection.write(Buffer.concat(bytes));
  return {
    connection,
    messages,
    write,
    say: (...said) => write(...said.map((message) => frame(JSON.stringify(message)))),
    closing: () => received.ending,
    ended: () =>
      until('the server ends the socket', () =>
        received.isEnded ? (received.ending ?? { code: null, reason: '' }) : received.ending,
      ),
  };
}

interface ReceivedFrame {
  opcode: number;
  payload: Buffer;
}

/** Servers neither mask nor, here, split what they send. */
function framesIn(bytes: Buffer): { frames: ReceivedFrame[]; rest: Buffer } {
  const frames: ReceivedFrame[] = [];
  let at = 0;
  while (bytes.length - at >= 2) {
    const short = bytes.readUInt8(at + 1) & 0x7f;
    const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10);
    if (bytes.length < start) break;
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    if (bytes.length < start + length) break;
    frames.push({ opcode: bytes.readUInt8(at) & 0x0f, payload: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return { frames, rest: bytes.subarray(at) };
}

function endingOf(payload: Buffer): Ending {
  return payload.length < 2
    ? { code: null, reason: '' }
    : { code: payload.readUInt16BE(0), reason: payload.subarray(2).toString() };
}
