import { createHash, timingSafeEqual } from 'node:crypto';
import type { Viewer } from '../../resolvers/context.js';
import type { AccessConfig } from '../../server-config.js';

/** Tells who sends an `Authorization` value: `Bearer <token>`, where the scheme's case does not matter. */
export type IdentifyViewer = (authorization: unknown) => Promise<Viewer>;

/** Knows the tokens of the configuration. */
export function makeViewers({ adminTokens }: AccessConfig): IdentifyViewer {
  const admins = adminTokens.map(digestOf);
  return async (authorization) => {
    if (typeof authorization !== 'string' || authorization === '') return { kind: 'anonymous' };
    const token = /^bearer +(.+)$/i.exec(authorization.trim())?.[1];
    if (token === undefined) return { kind: 'unknown' };
    return isAmong(admins, digest(token)) ? { kind: 'admin' } : { kind: 'unknown' };
  };
}

/** Digests have one length, so that comparing them tells nothing of the token's, in as much time for any. */
function isAmong(digests: readonly Buffer[], one: Buffer): boolean {
  return digests.filter((other) => timingSafeEqual(other, one)).length > 0;
}

function digestOf(token: string): Buffer {
  const hashed = /^sha256:(?<hex>.+)$/.exec(token)?.groups?.hex;
  return hashed === undefined ? digest(token) : Buffer.from(hashed, 'hex');
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}
