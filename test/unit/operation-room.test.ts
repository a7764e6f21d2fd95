import { once } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Request, Response } from 'express';
import { beforeEach, describe, expect, it } from 'vitest';
import { OperationRoom } from '../../src/server/operation-room.js';

let nowMs: number;
let room: OperationRoom;

beforeEach(() => {
  nowMs = 0;
  room = new OperationRoom(2, () => nowMs);
});

/** @returns What ends it, as an answer that is sent or a client that leaves does. */
function enter(): () => void {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  let isIn = false;
  void room.enter(request as Request, response as Response, () => (isIn = true));
  expect(isIn).toBe(true);
  return () => response.emit('close');
}

describe('room for operations', () => {
  it('refuses those past it at once, and lets others in when one has left', () => {
    const leave = enter();
    enter();
    expect(enter).toThrow(
      expect.objectContaining({
        code: 'SERVICE_UNAVAILABLE',
        message: 'The server has no room for more than 2 operations at a time: try again in 100 ms.',
        details: { retryAfterMs: 100 },
      }),
    );
    leave();
    enter();
    expect(enter).toThrow();
  });

  it('says to come again when those that are in it will have left it', () => {
    const leave = enter();
    nowMs = 700;
    leave();
    enter();
    enter();
    expect(enter).toThrow(expect.objectContaining({ details: { retryAfterMs: 700 } }));
  });

  it('does not send anybody away for long', () => {
    const leave = enter();
    nowMs = 3_600_000;
    leave();
    enter();
    enter();
    expect(enter).toThrow(expect.objectContaining({ details: { retryAfterMs: 10_000 } }));
  });

  it('keeps no place for a client that has left before', async () => {
    const socket = new Socket();
    const request = new IncomingMessage(socket);
    const response = new ServerResponse(request);
    response.assignSocket(socket);
    socket.destroy();
    await once(response, 'close');
    for (let count = 0; count < 3; count += 1) {
      void room.enter(request as Request, response as Response, () => {
        throw new Error('It runs for nobody.');
      });
    }
    enter();
    enter();
  });
});
