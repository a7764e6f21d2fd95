import { AppError } from '../errors.js';
import type { Log } from '../log.js';
import type { EmbeddingStatusService } from '../services/embedding-status.js';
import type { RequestLoaders } from '../services/request-loaders.js';

/** Who asks. `unknown`: a token came, and it is none of ours. `reader`: may search, however often. */
export type Viewer = { kind: 'anonymous' } | { kind: 'unknown' } | { kind: 'reader' } | { kind: 'admin' };

/** What belongs to one operation, over HTTP or a socket. */
export interface RequestContext {
  viewer: Viewer;
  /** The IP address that it comes from, behind the proxies that are trusted. */
  clientAddress: string;
  loaders: RequestLoaders;
  log: Log;
  /** Aborted when the client goes away. */
  signal: AbortSignal;
  /** Subscriptions are given no resolver instance by type-graphql, so what they watch comes with the request. */
  embeddingStatus: EmbeddingStatusService;
}

/** Roles that `@Authorized` names. */
export type Role = 'ADMIN';

/**
 * type-graphql's check of `@Authorized('ADMIN')`. An arrow function, since it takes whatever has a prototype for a class.
 *
 * @throws AppError UNAUTHENTICATED
 */
export const checkViewer = ({ context }: { context: RequestContext }, roles: readonly Role[]): boolean => {
  if (roles.length === 0 || context.viewer.kind === 'admin') return true;
  throw new AppError('UNAUTHENTICATED', messageFor(context.viewer));
};

function messageFor(viewer: Viewer): string {
  return viewer.kind === 'unknown'
    ? 'The admin token is not the right one. The server prints it at start, or takes it from ADMIN_TOKEN.'
    : 'This needs the admin token: send it as "Authorization: Bearer <token>", over WebSocket in connectionParams.';
}
