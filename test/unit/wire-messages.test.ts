import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WireMessageReader, type WireMessage } from '../../src/db/wire-messages.js';

function message(type: string, body: string | Buffer): Buffer {
  const bytes = Buffer.from(body);
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + bytes.length);
  return Buffer.concat([Buffer.from(type), length, bytes]);
}

/** A message without a type, as a connection begins with. */
function opening(code: number, body = ''): Buffer {
  const codeBytes = Buffer.alloc(4);
  codeBytes.writeInt32BE(code);
  return message('', Buffer.concat([codeBytes, Buffer.from(body)]));
}

const startup = opening(196_608, 'user\0postgres\0\0');

function kinds(messages: readonly WireMessage[]): string[] {
  return messages.map(({ kind }) => kind);
}

describe('a reader of wire messages', () => {
  it('tells what each message means for who has the session', () => {
    const reader = new WireMessageReader();
    expect(kinds(reader.push(opening(80_877_103)))).toEqual(['encryption']);
    expect(kinds(reader.push(startup))).toEqual(['last']);
    const pipeline = ['P', 'B', 'D', 'E', 'S', 'Q', 'F', 'H', 'X'].map((type) => message(type, 'body'));
    expect(kinds(reader.push(Buffer.concat(pipeline)))).toEqual([
      'more',
      'more',
      'more',
      'more',
      'last',
      'last',
      'last',
      'more',
      'terminate',
    ]);
  });

  it('knows a request to cancel', () => {
    expect(kinds(new WireMessageReader().push(opening(80_877_102, '12345678')))).toEqual(['cancel']);
  });

  it('finds the same messages however their bytes are cut', () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(bodies, fc.array(fc.nat(400), { maxLength: 12 }), (messageBodies, cuts) => {
        const sent = [startup, ...messageBodies.map((body) => message('B', Buffer.from(body)))];
        const reader = new WireMessageReader();
        const read = piecesOf(Buffer.concat(sent), cuts).flatMap((piece) => reader.push(piece));
        expect(read.map(({ bytes }) => Buffer.from(bytes))).toEqual(sent);
      }),
    );
  });

  it('refuses what can not be a message', () => {
    const reader = new WireMessageReader();
    expect(() => reader.push(Buffer.from('GET / HTTP/1.1\r\n'))).toThrow(RangeError);
  });
});

function piecesOf(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const ends = [...cuts.filter((cut) => cut < bytes.length), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}
