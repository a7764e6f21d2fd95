import { createHash, timingSafeEqual } from 'node:crypto';
import type { Viewer } from '../resolvers/context.js';

/**
 * Who sends this `Authorization` value.
 *
 * @param authorization - `Bearer <token>`; the scheme's case does not matter.
 */
export function viewerOf(authorization: unknown, adminToken: string): Viewer {
  if (typeof authorization !== 'string' || authorization === '') return { kind: 'anonymous' };
  const token = /^bearer +(.+)$/i.exec(authorization.trim())?.[1];
  return token !== undefined && isSame(token, adminToken) ? { kind: 'admin' } : { kind: 'unknown' };
}

/** Digests have one length, so that comparing them tells nothing of the token's, in as much time for any. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}
