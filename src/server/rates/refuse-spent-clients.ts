import type { Request, RequestHandler } from 'express';
import type { Callers } from '../access/callers.js';
import { isLarge } from '../uploads/upload-room.js';
import type { ClientRates } from './client-rates.js';

/**
 * Turns a request away that may have a photograph in it, before its body is received, where its client has had its share of them.
 * What it does have in it is counted when it is known, by the gate of operations.
 */
export function refuseSpentClients(callers: Callers, rates: ClientRates): RequestHandler {
  return async (request, _response, next) => {
    if (mayBringPhotograph(request)) await rates.checkUploads(await callers.of(request, request.headers.authorization));
    next();
  };
}

function mayBringPhotograph({ headers }: Request): boolean {
  return /^multipart\//i.test(headers['content-type'] ?? '') || isLarge(headers);
}
