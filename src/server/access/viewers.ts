import type { Viewer } from '../../resolvers/context.js';
import type { AccessConfig } from '../../server-config.js';
import { makeKnownTokens } from './access-tokens.js';
import { looksLikeJwt, makeJsonWebTokens } from './json-web-tokens.js';

/**
 * Tells who sends an `Authorization` value: `Bearer <token>`, where the scheme's case does not matter.
 *
 * @throws ServiceUnavailableError where the token is another's, who can't be reached to check it.
 */
export type IdentifyViewer = (authorization: unknown) => Promise<Viewer>;

const NO_BEARER: Viewer = {
  kind: 'unknown',
  reason: 'The authorization is not of the form "Bearer <token>".',
};

const WRONG_TOKEN: Viewer = {
  kind: 'unknown',
  reason: 'The token is not the right one. The server takes it from ADMIN_TOKEN or READ_TOKEN, or prints it at start.',
};

/** Knows the tokens of the configuration, and those of its identity provider. */
export function makeViewers(config: AccessConfig): IdentifyViewer {
  const knownAs = makeKnownTokens(config);
  const identifyBearer = config.jwt === null ? null : makeJsonWebTokens(config.jwt);
  return async (authorization) => {
    if (authorization === undefined || authorization === null || authorization === '') return { kind: 'anonymous' };
    const token = typeof authorization === 'string' ? bearerOf(authorization) : null;
    if (token === null) return NO_BEARER;
    const kind = knownAs(token);
    if (kind !== null) return { kind };
    return identifyBearer !== null && looksLikeJwt(token) ? identifyBearer(token) : WRONG_TOKEN;
  };
}

function bearerOf(authorization: string): string | null {
  return /^bearer +(\S+)$/i.exec(authorization.trim())?.[1] ?? null;
}
