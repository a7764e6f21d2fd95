import { SignJWT, type JWTPayload } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { looksLikeJwt, makeJsonWebTokens, type IdentifyBearer } from '../../src/server/access/json-web-tokens.js';
import { makeViewers } from '../../src/server/access/viewers.js';
import { startTokenIssuer, type SignOptions, type TokenIssuer } from '../support/token-issuer.js';

const ISSUER = 'https://login.example/';
const AUDIENCE = 'lookalike';

let issuer: TokenIssuer;

beforeAll(async () => {
  issuer = await startTokenIssuer();
});

afterAll(() => issuer.close());

afterEach(() => {
  vi.useRealTimers();
  issuer.answerWith(null);
});

const make = (roleClaim = 'role'): IdentifyBearer =>
  makeJsonWebTokens({ jwksUrl: issuer.jwksUrl, issuer: ISSUER, audience: AUDIENCE, roleClaim });

const sign = (claims: JWTPayload, options?: SignOptions): Promise<string> =>
  issuer.sign({ iss: ISSUER, aud: AUDIENCE, ...claims }, options);

describe('a token that the issuer has signed', () => {
  it.each([
    ['role', { role: 'admin' }, 'admin'],
    ['role', { role: 'read' }, 'reader'],
    ['role', { role: ['other', 'admin', 'read'] }, 'admin'],
    ['scope', { scope: 'openid read' }, 'reader'],
    ['realm_access.roles', { realm_access: { roles: ['offline_access', 'read'] } }, 'reader'],
    ['https://shop.example/roles', { 'https://shop.example/roles': ['admin'] }, 'admin'],
  ])('is for what its claim %s says: %o', async (roleClaim, claims, kind) => {
    expect(await make(roleClaim)(await sign(claims))).toEqual({ kind });
  });

  it.each([
    ['role', {}],
    ['role', { role: 'administrator' }],
    ['role', { role: { admin: true } }],
    ['role', { role: ['ADMIN'] }],
    ['realm_access.roles', { realm_access: null }],
    ['constructor.name', {}],
    ['__proto__.role', {}],
  ])('is for nothing where its claim %s says nothing: %o', async (roleClaim, claims) => {
    expect(await make(roleClaim)(await sign(claims))).toEqual({
      kind: 'unknown',
      reason: `The token's claim "${roleClaim}" has neither "admin" nor "read" in it.`,
    });
  });

  it.each([
    ['has expired', { role: 'admin' }, { expiresIn: -60 }, 'The token has expired: get a new one.'],
    ['never expires', { role: 'admin' }, { expiresIn: null }, /claim "exp" is missing, or not what/],
    ['is of another issuer', { role: 'admin', iss: 'https://other.example/' }, {}, /claim "iss" is missing, or not/],
    ['is for another service', { role: 'admin', aud: 'mail' }, {}, /claim "aud" is missing, or not what/],
    ['is for later', { role: 'admin', nbf: Math.floor(Date.now() / 1000) + 600 }, {}, /claim "nbf" is missing, or not/],
  ] as const)('is not accepted where it %s', async (_why, claims, options, reason) => {
    const viewer = await make()(await sign(claims, options));
    expect(viewer).toMatchObject({ kind: 'unknown', reason: expect.stringMatching(reason) as string });
  });

  it('is accepted for a moment beyond its end, as clocks differ', async () => {
    expect(await make()(await sign({ role: 'read' }, { expiresIn: -10 }))).toEqual({ kind: 'reader' });
  });
});

describe('a forged token', () => {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { role: 'admin', iss: ISSUER, aud: AUDIENCE, exp: Math.floor(Date.now() / 1000) + 60 };

  it('is not accepted where it is not signed at all, or by a secret that is public', async () => {
    const identify = make();
    const secret = Buffer.from(await (await fetch(issuer.jwksUrl)).text());
    const byPublicKey = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'first' }).sign(secret);
    const reason = expect.stringMatching(/algorithm that is not accepted/) as string;
    for (const token of [`${part({ alg: 'none' })}.${part(claims)}.x`, byPublicKey]) {
      expect(await identify(token)).toEqual({ kind: 'unknown', reason });
    }
  });

  it('is not accepted where its claims are changed after it was signed', async () => {
    const [head, , signature] = (await sign({ role: 'read' })).split('.');
    expect(await make()(`${head}.${part(claims)}.${signature}`)).toEqual({
      kind: 'unknown',
      reason: "The token is malformed, or not signed with one of the issuer's keys.",
    });
  });

  it.each(['a.b.c', `${'e'.repeat(10_000)}.e.e`, `${part({ alg: 'RS256' })}..`, 'eyJ.eyJ.'])(
    'is not accepted where it is nonsense: %s',
    async (token) => {
      expect(await make()(token)).toMatchObject({ kind: 'unknown' });
    },
  );
});

describe('the keys of the issuer', () => {
  it('are fetched with the first token that needs them, and kept', async () => {
    const identify = make();
    const before = issuer.asked();
    await identify('a.b.c');
    expect(issuer.asked()).toBe(before);
    for (let count = 0; count < 3; count += 1) await identify(await sign({ role: 'read' }));
    expect(issuer.asked()).toBe(before + 1);
  });

  it('are fetched anew for one that is not known, and not for each that strangers make up', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const identify = make();
    await identify(await sign({ role: 'read' }));
    const before = issuer.asked();
    await issuer.addKey('second', 'ES256');
    const token = await sign({ role: 'read' }, { kid: 'second', expiresIn: 600 });
    for (let count = 0; count < 5; count += 1) expect(await identify(token)).toMatchObject({ kind: 'unknown' });
    expect(issuer.asked()).toBe(before);
    vi.setSystemTime(Date.now() + 31_000);
    expect(await identify(token)).toEqual({ kind: 'reader' });
    expect(issuer.asked()).toBe(before + 1);
  });

  it.each([
    ['answers with an error', (response) => response.writeHead(500).end()],
    ['answers with something else', (response) => response.end('<html>')],
    ['answers with no keys', (response) => response.end('{}')],
    ['breaks off', (response) => response.destroy()],
    ['sends elsewhere', (response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end()],
  ] as [string, Parameters<TokenIssuer['answerWith']>[0]][])(
    'are asked for once in a while where it %s, and tokens wait until it is better',
    async (_what, answer) => {
      vi.useFakeTimers({ toFake: ['Date'] });
      const identify = make();
      const token = await sign({ role: 'admin' }, { expiresIn: 600 });
      const before = issuer.asked();
      issuer.answerWith(answer);
      for (let count = 0; count < 5; count += 1) {
        await expect(identify(token)).rejects.toMatchObject({
          code: 'SERVICE_UNAVAILABLE',
          message:
            "The token can't be checked, as its issuer's keys can't be had (JWT_JWKS_URL). Try again in a moment.",
        });
      }
      expect(issuer.asked()).toBe(before + 1);
      issuer.answerWith(null);
      vi.setSystemTime(Date.now() + 6000);
      expect(await identify(token)).toEqual({ kind: 'admin' });
    },
  );

  it('are not waited for without end', async () => {
    issuer.answerWith(() => undefined);
    await expect(make()(await sign({ role: 'admin' }))).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });
});

describe('makeViewers', () => {
  const TOKEN = 'a-token-of-some-length';

  it('asks no issuer about what is no JSON Web Token', async () => {
    const jwt = { jwksUrl: issuer.jwksUrl, issuer: null, audience: null, roleClaim: 'role' };
    const access = { publicAccess: 'search', adminTokens: [TOKEN], readTokens: [], allowedOrigins: [], jwt } as const;
    const identify = makeViewers(access);
    const before = issuer.asked();
    expect(await identify(`Bearer ${TOKEN}`)).toEqual({ kind: 'admin' });
    for (const token of ['wrong', 'a.b', 'a.b.c.d', 'ä.ö.ü', `${TOKEN}x`]) {
      expect(await identify(`Bearer ${token}`)).toMatchObject({ kind: 'unknown' });
    }
    expect(issuer.asked()).toBe(before);
    expect(await identify(`Bearer ${await sign({ role: 'read' })}`)).toEqual({ kind: 'reader' });
  });

  it.each([{}, ['Bearer x'], 7, true])('takes no authorization that is no text: %o', async (authorization) => {
    const access = {
      publicAccess: 'search',
      adminTokens: [TOKEN],
      readTokens: [],
      allowedOrigins: [],
      jwt: null,
    } as const;
    expect(await makeViewers(access)(authorization)).toMatchObject({ kind: 'unknown' });
  });

  it('knows the form of a token', () => {
    expect(['a.b.c', 'a.b', 'a..c', 'a.b.c='].map(looksLikeJwt)).toEqual([true, false, false, false]);
  });
});
