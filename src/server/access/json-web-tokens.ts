import {
  createRemoteJWKSet,
  customFetch,
  errors,
  jwtVerify,
  type FetchImplementation,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import type { AppError } from '../../errors.js';
import { ServiceUnavailableError } from '../../errors.js';
import type { Viewer } from '../../resolvers/context.js';
import type { JwtConfig } from '../../server-config.js';

/** Tells who sends a JSON Web Token. */
export type IdentifyBearer = (token: string) => Promise<Viewer>;

/** Those of which the issuer alone has the secret half. With the others whoever can check a token can make one. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

/** Clocks of two machines differ. */
const CLOCK_TOLERANCE_SECONDS = 30;

/** Time for the issuer to give its keys. */
const KEYS_TIMEOUT_MS = 3000;

/** How long the issuer is not asked again: for a key that it has not got, and after it has not answered. */
const KEYS_COOLDOWN_MS = 30_000;
const RETRY_MS = 5000;

const KEYS_MAX_AGE_MS = 10 * 60_000;

/** Whether it has the form of one: three parts of base64url. Nothing else is looked at any further. */
export function looksLikeJwt(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);
}

/** Checks tokens against the public keys of their issuer, which are fetched with the first token, and kept. */
export function makeJsonWebTokens(config: JwtConfig): IdentifyBearer {
  const keys = createRemoteJWKSet(new URL(config.jwksUrl), {
    timeoutDuration: KEYS_TIMEOUT_MS,
    cooldownDuration: KEYS_COOLDOWN_MS,
    cacheMaxAge: KEYS_MAX_AGE_MS,
    [customFetch]: sparingly(fetch),
  });
  return async (token) => {
    const checked = await check(token, keys, config);
    return 'refusal' in checked ? { kind: 'unknown', reason: checked.refusal } : viewerOf(checked.payload, config);
  };
}

/** @throws ServiceUnavailableError where the issuer's keys can't be had. */
async function check(token: string, keys: JWTVerifyGetKey, config: JwtConfig): Promise<Checked> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ['exp'],
      ...(config.issuer !== null && { issuer: config.issuer }),
      ...(config.audience !== null && { audience: config.audience }),
    });
    return { payload };
  } catch (error) {
    if (isOfToken(error)) return { refusal: refusalOf(error) };
    throw keysUnavailable(error);
  }
}

/** `refusal` says why it is not accepted, in a sentence for whoever has sent it. */
type Checked = { payload: JWTPayload } | { refusal: string };

/** Whether a token is at fault. Else it is the issuer: a bare JOSEError is an answer of it with another status than 200. */
function isOfToken(error: unknown): error is errors.JOSEError {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return false;
  return error instanceof errors.JOSEError && error.code !== errors.JOSEError.code;
}

function refusalOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired: get a new one.';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return `The token's claim ${JSON.stringify(error.claim)} is missing, or not what this server asks for.`;
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return `The token is signed by an algorithm that is not accepted. These are: ${ALGORITHMS.join(', ')}.`;
  }
  return "The token is malformed, or not signed with one of the issuer's keys.";
}

function keysUnavailable(cause: unknown): AppError {
  return new ServiceUnavailableError(
    "The token can't be checked, as its issuer's keys can't be had (JWT_JWKS_URL). Try again in a moment.",
    { cause, details: { retryAfterMs: RETRY_MS } },
  );
}

function viewerOf(payload: JWTPayload, { roleClaim }: JwtConfig): Viewer {
  const roles = rolesIn(claimAt(payload, roleClaim));
  if (roles.includes('admin')) return { kind: 'admin' };
  if (roles.includes('read')) return { kind: 'reader' };
  const reason = `The token's claim ${JSON.stringify(roleClaim)} has neither "admin" nor "read" in it.`;
  return { kind: 'unknown', reason };
}

/** Names with dots in them are common, as they are to be addresses; such a claim goes before a path. */
function claimAt(payload: JWTPayload, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path];
  let value: unknown = payload;
  for (const key of path.split('.')) value = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** A list, or words with spaces between them as in `scope`. */
function rolesIn(claim: unknown): unknown[] {
  return typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
}

/**
 * jose waits between two questions for a key that is missing, and not after one that failed: anybody could hammer the issuer
 * through us, with as many tokens as they like.
 */
function sparingly(ask: typeof fetch): FetchImplementation {
  let nextAt = 0;
  return async (url, options) => {
    if (Date.now() < nextAt) throw new Error('The issuer has just been asked for its keys, and has not given them.');
    nextAt = Date.now() + RETRY_MS;
    return ask(url, options);
  };
}
