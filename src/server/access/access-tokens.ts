import { createHash, timingSafeEqual } from 'node:crypto';
import type { AccessConfig } from '../../server-config.js';

/** Tells what a token of the configuration is for; null for any other. */
export type KnownToken = (token: string) => 'admin' | 'reader' | null;

/** Knows the tokens of ADMIN_TOKEN and READ_TOKEN. */
export function makeKnownTokens({
  adminTokens,
  readTokens,
}: Pick<AccessConfig, 'adminTokens' | 'readTokens'>): KnownToken {
  const [admins, readers] = [adminTokens.map(tokenDigest), readTokens.map(tokenDigest)];
  return (token) => {
    const given = digest(token);
    const [isAdmin, isReader] = [isAmong(admins, given), isAmong(readers, given)];
    if (isAdmin) return 'admin';
    return isReader ? 'reader' : null;
  };
}

/** Digests have one length, so that comparing them tells nothing of the token's, in as much time for any. */
function isAmong(digests: readonly Buffer[], one: Buffer): boolean {
  return digests.filter((other) => timingSafeEqual(other, one)).length > 0;
}

/** Of a token as the configuration has it: itself, or `sha256:` and its digest. */
function tokenDigest(token: string): Buffer {
  const hex = /^sha256:(?<hex>.+)$/.exec(token)?.groups?.hex;
  return hex === undefined ? digest(token) : Buffer.from(hex, 'hex');
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}
