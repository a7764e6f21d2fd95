import { AppError } from '../errors.js';
import type { Log } from '../log.js';
import type { EmbeddingStatusService } from '../services/embedding-status.js';
import type { RequestLoaders } from '../services/request-loaders.js';

/**
 * Who asks. `unknown`: a token came that is not accepted; `reason` is a sentence for whoever has sent it. `reader`: may search,
 * however often and where others may not.
 */
export type Viewer =
  { kind: 'anonymous' } | { kind: 'unknown'; reason: string } | { kind: 'reader' } | { kind: 'admin' };

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
 * @throws AppError UNAUTHENTICATED where nobody is known, FORBIDDEN where somebody is who may not.
 */
export const checkViewer = ({ context }: { context: RequestContext }, roles: readonly Role[]): boolean => {
  if (roles.length === 0 || context.viewer.kind === 'admin') return true;
  throw refusalOf(context.viewer);
};

function refusalOf(viewer: Exclude<Viewer, { kind: 'admin' }>): AppError {
  switch (viewer.kind) {
    case 'anonymous':
      return new AppError('UNAUTHENTICATED', NEEDS_TOKEN);
    case 'unknown':
      return new AppError('UNAUTHENTICATED', viewer.reason);
    case 'reader':
      return new AppError('FORBIDDEN', 'This needs the admin token, and the one that was sent is for searching only.');
  }
}

const NEEDS_TOKEN =
  'This needs the admin token: send it as "Authorization: Bearer <token>", over WebSocket in connectionParams.';
