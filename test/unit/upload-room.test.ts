import { IncomingMessage, ServerResponse, type IncomingHttpHeaders } from 'node:http';
import { Socket } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import { UploadRoom } from '../../src/server/uploads/upload-room.js';

const MB = 1_000_000;

const CLIENT = '203.0.113.7';

let room: UploadRoom;

beforeEach(() => {
  room = new UploadRoom({ totalBytes: 50 * MB, clientBytes: 20 * MB, requestBytes: 10 * MB });
});

/** @returns What ends it, as an answer that is sent or a client that leaves does. */
function enter(headers: IncomingHttpHeaders, clientAddress = CLIENT): () => void {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  room.enter({ headers, clientAddress }, response);
  return () => response.emit('close');
}

const ofLength = (bytes: number): IncomingHttpHeaders => ({ 'content-length': String(bytes) });

const refusal = (message: string): unknown =>
  expect.objectContaining({ code: 'SERVICE_UNAVAILABLE', message, details: { retryAfterMs: 1000 } });

const OWN =
  'Other photographs of yours are being received already, and there is no room for this one: try again in 1000 ms.';
const ALL = 'Too many photographs are being received already, and there is no room for this one: try again in 1000 ms.';

describe('room for uploads', () => {
  it('refuses what is past the share of a client, and lets in more once some has left', () => {
    const leave = enter(ofLength(6 * MB));
    enter(ofLength(9 * MB));
    expect(() => enter(ofLength(6 * MB))).toThrow(refusal(OWN));
    leave();
    enter(ofLength(6 * MB));
    enter(ofLength(5 * MB));
    expect(() => enter(ofLength(MB))).toThrow(refusal(OWN));
  });

  it('refuses what is past the room of all, whoever brings it', () => {
    for (const last of [1, 2, 3, 4]) enter(ofLength(10 * MB), `198.51.100.${last}`);
    const leave = enter(ofLength(10 * MB), '198.51.100.5');
    expect(() => enter(ofLength(MB))).toThrow(refusal(ALL));
    leave();
    enter(ofLength(10 * MB));
  });

  it('counts for one client whatever comes from one home', () => {
    enter(ofLength(10 * MB), '2001:db8:1:2::1');
    enter(ofLength(10 * MB), '2001:db8:1:2:3:4:5:6');
    expect(() => enter(ofLength(MB), '2001:db8:1:2::9')).toThrow(refusal(OWN));
    enter(ofLength(MB), '2001:db8:1:3::1');
  });

  it.each<[string, IncomingHttpHeaders]>([
    ['without a length', { 'transfer-encoding': 'chunked' }],
    ['whose length is above all limits', ofLength(1000 * MB)],
    ['whose length is that of a request', ofLength(10 * MB)],
  ])('keeps as much as a request can take for one %s', (_what, headers) => {
    enter(headers);
    const leave = enter(headers);
    expect(() => enter(ofLength(300_000))).toThrow(refusal(OWN));
    leave();
    enter(ofLength(10 * MB));
  });

  it('has always room for what brings no photograph', () => {
    enter(ofLength(10 * MB));
    enter(ofLength(10 * MB));
    enter(ofLength(256 * 1024));
    enter({});
    expect(() => enter(ofLength(256 * 1024 + 1))).toThrow(refusal(OWN));
  });

  it('keeps nothing for whoever has left already', () => {
    const gone = Object.defineProperty(new ServerResponse(new IncomingMessage(new Socket())), 'closed', {
      value: true,
    });
    for (let times = 0; times < 10; times += 1) {
      room.enter({ headers: ofLength(10 * MB), clientAddress: CLIENT }, gone);
    }
    enter(ofLength(10 * MB));
  });
});
