import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { ConfigError } from '../../src/errors.js';
import { makeClientAddress } from '../../src/server/access/client-address.js';

function faultsOf(env: Record<string, string>): string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ variable, message }) => `${variable}: ${message}`);
    throw error;
  }
  return [];
}

const [TOKEN, OTHER] = ['a-token-of-some-length', 'another-token-of-some-length'];
const digest = (token: string): string => `sha256:${createHash('sha256').update(token).digest('hex')}`;

describe('tokens', () => {
  it('are lists, of tokens and digests', () => {
    const { access } = loadConfig({ ADMIN_TOKEN: `${TOKEN}, ${digest('x')}`, READ_TOKEN: OTHER }).server;
    expect(access).toMatchObject({ adminTokens: [TOKEN, digest('x')], readTokens: [OTHER], publicAccess: 'search' });
  });

  it.each([
    [TOKEN, TOKEN],
    [`${OTHER},${TOKEN}`, digest(TOKEN)],
    [digest(TOKEN), TOKEN],
  ])('are not for both at once', (admin, read) => {
    expect(faultsOf({ ADMIN_TOKEN: admin, READ_TOKEN: read })).toEqual([
      'READ_TOKEN: It has a token of ADMIN_TOKEN in it: give each its own.',
    ]);
  });

  it.each(['short', 'sha256:abc', `${TOKEN},`, 'with space in the middle of it'])('have a form: "%s"', (token) => {
    const message =
      'must be tokens of at least 16 characters, or sha256: and 64 hexadecimal digits, separated by commas';
    expect(faultsOf({ READ_TOKEN: token })).toEqual([`READ_TOKEN: "…" is not accepted: it ${message}.`]);
  });

  it('may be missing where nobody is answered without one, as admins have theirs', () => {
    expect(faultsOf({ PUBLIC_ACCESS: 'none' })).toEqual([]);
    expect(faultsOf({ PUBLIC_ACCESS: 'admins' })).toEqual([
      'PUBLIC_ACCESS: "admins" is not accepted: it must be one of search, none.',
    ]);
  });
});

describe('an identity provider', () => {
  it('is what its variables say', () => {
    const JWT_JWKS_URL = 'https://login.example/keys';
    expect(loadConfig({ JWT_JWKS_URL, JWT_AUDIENCE: 'lookalike' }).server.access.jwt).toEqual({
      jwksUrl: JWT_JWKS_URL,
      issuer: null,
      audience: 'lookalike',
      roleClaim: 'role',
    });
    expect(loadConfig({}).server.access.jwt).toBeNull();
  });

  it('is none without its keys', () => {
    const message =
      "It is set without JWT_JWKS_URL, and no token is checked then: set that to the issuer's public keys.";
    expect(faultsOf({ JWT_ISSUER: 'https://login.example/', JWT_ROLE_CLAIM: 'roles' })).toEqual([
      `JWT_ISSUER: ${message}`,
      `JWT_ROLE_CLAIM: ${message}`,
    ]);
  });
});

describe('trusted proxies', () => {
  it.each([
    ['0', 0],
    ['2', 2],
    ['loopback, 10.0.0.0/8', ['loopback', '10.0.0.0/8']],
    ['2001:db8::/32,192.0.2.1', ['2001:db8::/32', '192.0.2.1']],
  ])('are a number or addresses: %s', (text, proxies) => {
    const { trustProxy } = loadConfig({ TRUST_PROXY: text }).server;
    expect(trustProxy).toEqual(proxies);
    // It does not take it for granted.
    expect(() => makeClientAddress(trustProxy)).not.toThrow();
  });

  it.each([
    'true',
    '-1',
    '100',
    '10.0.0.0/33',
    '10.0.0.0/0',
    '::/129',
    '10.0.0.0/8/8',
    'LOOPBACK',
    'loopback,proxy',
    '1,2',
  ])('are not "%s"', (text) => {
    const message = 'must be how many proxies there are in front, or their addresses like loopback,10.0.0.0/8';
    expect(faultsOf({ TRUST_PROXY: text })).toEqual([`TRUST_PROXY: "${text}" is not accepted: it ${message}.`]);
  });
});

describe('trusted documents', () => {
  it('leave nothing to an editor', () => {
    const documents = { TRUSTED_DOCUMENTS: 'documents.json' };
    expect(faultsOf({ ...documents, GRAPHIQL: 'true' })).toEqual([
      'GRAPHIQL: It is true together with TRUSTED_DOCUMENTS, and nothing that is typed there would run: set one of them.',
    ]);
    expect(faultsOf(documents)).toEqual([]);
  });
});
