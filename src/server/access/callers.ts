import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { AppError } from '../../errors.js';
import type { Viewer } from '../../resolvers/context.js';
import type { PublicAccess, ServerConfig } from '../../server-config.js';
import { makeClientAddress } from './client-address.js';
import { makeViewers } from './viewers.js';

/** Who asks, and from where. */
export interface Caller {
  viewer: Viewer;
  clientAddress: string;
}

export interface Callers {
  /**
   * @param authorization - what came with the request as such, or with the handshake of its socket.
   * @throws AppError UNAUTHENTICATED for whoever may not so much as ask; SERVICE_UNAVAILABLE where that can't be told.
   */
  of(request: IncomingMessage, authorization: unknown): Promise<Caller>;
  /** Turns away, before anything of its body is read, a request that `of` throws for. */
  admit: RequestHandler;
}

/** Knows whoever comes, over HTTP and sockets alike. */
export function makeCallers({ access, trustProxy }: Pick<ServerConfig, 'access' | 'trustProxy'>): Callers {
  const identify = makeViewers(access);
  const addressOf = makeClientAddress(trustProxy);
  // A token is checked once a request, and once a subscription on a socket, which may last longer than the token.
  const admitted = new WeakMap<IncomingMessage, Caller>();
  const find: Callers['of'] = async (request, authorization) => {
    const viewer = await identify(authorization);
    assertMayAsk(viewer, access.publicAccess);
    return { viewer, clientAddress: addressOf(request) };
  };
  return {
    of: async (request, authorization) => admitted.get(request) ?? find(request, authorization),
    admit: async (request, _response, next) => {
      admitted.set(request, await find(request, request.headers.authorization));
      next();
    },
  };
}

function assertMayAsk(viewer: Viewer, publicAccess: PublicAccess): void {
  if (publicAccess === 'search' || viewer.kind === 'reader' || viewer.kind === 'admin') return;
  const message =
    viewer.kind === 'unknown'
      ? viewer.reason
      : 'This server answers nobody without a token: send it as "Authorization: Bearer <token>", over WebSocket in connectionParams.';
  throw new AppError('UNAUTHENTICATED', message);
}
