import { IncomingMessage, ServerResponse, type OutgoingHttpHeaders, type RequestListener } from 'node:http';
import { Socket } from 'node:net';
import type { Request, Response } from 'express';
import type { OperationObserver } from '../observer.js';
import { allowOrigins } from './access/cross-origin.js';
import { httpHeadOf } from './http-errors.js';
import { requestIdOf } from './observability/watch-operations.js';
import type { OperationRoom } from './operation-room.js';
import { sendSecurityHeaders } from './security-headers.js';
import { isLarge } from './uploads/upload-room.js';

export interface TurnAwayOptions {
  room: OperationRoom;
  allowedOrigins: readonly string[];
  operations: OperationObserver;
}

/**
 * Answers operations itself while there is no room for them, and hands everything else on to `serve`. A server that is asked for more
 * than it can do has only what its refusals leave it: so they come before the request is routed, its body read or its sender looked at,
 * and are written at once.
 *
 * A request whose body is, or may be, large is handed on: here it would be read to its end however long it is.
 */
export function turnAwayWhenFull(serve: RequestListener, options: TurnAwayOptions): RequestListener {
  const { room, operations } = options;
  const headers: OutgoingHttpHeaders = {
    ...securityHeaders(),
    'cache-control': 'no-store',
    'content-type': 'application/json; charset=utf-8',
  };
  const crossOrigin = allowOrigins(options.allowedOrigins);
  return (request, response) => {
    const refusal = isOperation(request) ? room.refusal() : null;
    if (refusal === null) {
      serve(request, response);
      return;
    }
    operations.turnedAway(refusal.code);
    // The package asks for no more than Node's own; and as this is no preflight, it comes to its end at once.
    for (const allow of crossOrigin) allow(request as Request, response as Response, () => undefined);
    const { status, headers: own } = httpHeadOf(refusal);
    const { message, extensions } = refusal;
    const body = JSON.stringify({ errors: [{ message, extensions }] });
    const id = requestIdOf(request.headers);
    response
      .writeHead(status, { ...headers, ...own, 'content-length': Buffer.byteLength(body), 'x-request-id': id })
      // Node reads what is left of the request past it, so that the next one may come on the same connection.
      .end(body);
  };
}

const OPERATION_PATH = /^\/graphql\/?(?:\?|$)/;

function isOperation({ method, url = '', headers }: IncomingMessage): boolean {
  return (method === 'POST' || method === 'GET') && OPERATION_PATH.test(url) && !isLarge(headers);
}

/** What helmet sends with every answer. */
function securityHeaders(): OutgoingHttpHeaders {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  sendSecurityHeaders(request as Request, response as Response, () => undefined);
  return response.getHeaders();
}
