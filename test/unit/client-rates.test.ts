import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors.js';
import type { Viewer } from '../../src/resolvers/context.js';
import { clientKey } from '../../src/server/rates/client-key.js';
import { ClientRate } from '../../src/server/rates/client-rate.js';
import { makeClientRates } from '../../src/server/rates/client-rates.js';

describe('clientKey', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['203.0.113.7:4711', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:1:2::1', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::1]:4711', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
    ['unknown', 'unknown'],
    ['203.0.113.700', 'unknown'],
    ['<script>', 'unknown'],
    ['', 'unknown'],
  ])('takes %s for %s', (address, client) => {
    expect(clientKey(address)).toBe(client);
  });
});

const codeOf = (charge: Promise<void>): Promise<unknown> =>
  charge.then(
    () => null,
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

describe('ClientRate', () => {
  it('refuses what is too much, says for how long, and counts nothing of it', async () => {
    const rate = new ClientRate({ things: 'photographs', perMinute: 3 });
    await rate.charge('a', 2);
    const refusal: unknown = await rate.charge('a', 2).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'RATE_LIMITED',
      message: 'This would be more than the 3 photographs that one client may have in a minute: try again in 60 s.',
      extensions: { retryAfterMs: 60_000 },
    });
    await rate.charge('a', 1);
    expect(await codeOf(rate.charge('a', 1))).toBe('RATE_LIMITED');
    expect(await codeOf(rate.charge('b', 3))).toBeNull();
  });

  it('looks without counting', async () => {
    const rate = new ClientRate({ things: 'photographs', perMinute: 1 });
    await rate.check('a');
    await rate.check('a');
    await rate.charge('a', 1);
    expect(await codeOf(rate.check('a'))).toBe('RATE_LIMITED');
    expect(await codeOf(rate.check('b'))).toBeNull();
  });

  it('tells who asks for more than there is in any minute that waiting is of no use', async () => {
    const rate = new ClientRate({ things: 'searches', perMinute: 3 });
    await expect(rate.charge('a', 4)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: 'The operation asks for 4 searches, and one client may have 3 in a minute: ask for fewer.',
    });
  });

  it('remembers no more clients than it is told to, those who came last', async () => {
    const rate = new ClientRate({ things: 'searches', perMinute: 1, maxClients: 2 });
    for (const client of ['a', 'b', 'c']) await rate.charge(client, 1);
    expect(await codeOf(rate.check('a'))).toBeNull();
    expect([await codeOf(rate.check('b')), await codeOf(rate.check('c'))]).toEqual(['RATE_LIMITED', 'RATE_LIMITED']);
  });
});

describe('makeClientRates', () => {
  const from = (viewer: Viewer, clientAddress = '203.0.113.7') => ({ viewer, clientAddress });
  const photograph = { searches: 0, uploads: 1 };

  it('limits who has no token, and who has a wrong one, together', async () => {
    const rates = makeClientRates({ uploadsPerMinute: 1, searchesPerMinute: null });
    await rates.charge(from({ kind: 'anonymous' }), photograph);
    expect(await codeOf(rates.charge(from({ kind: 'unknown', reason: '' }), photograph))).toBe('RATE_LIMITED');
    expect(await codeOf(rates.checkUploads(from({ kind: 'anonymous' })))).toBe('RATE_LIMITED');
  });

  it.each(['reader', 'admin'] as const)('does not limit who has a token: %s', async (kind) => {
    const rates = makeClientRates({ uploadsPerMinute: 1, searchesPerMinute: 1 });
    for (let count = 0; count < 3; count += 1) await rates.charge(from({ kind }), { searches: 5, uploads: 1 });
    await rates.checkUploads(from({ kind }));
  });

  it('counts photographs and searches apart', async () => {
    const rates = makeClientRates({ uploadsPerMinute: 1, searchesPerMinute: 2 });
    await rates.charge(from({ kind: 'anonymous' }), { searches: 1, uploads: 1 });
    await rates.charge(from({ kind: 'anonymous' }), { searches: 1, uploads: 0 });
    expect(await codeOf(rates.charge(from({ kind: 'anonymous' }), { searches: 1, uploads: 0 }))).toBe('RATE_LIMITED');
  });

  it('limits nothing where nothing is set', async () => {
    const rates = makeClientRates({ uploadsPerMinute: null, searchesPerMinute: null });
    await rates.charge(from({ kind: 'anonymous' }), { searches: 1000, uploads: 1000 });
    await rates.checkUploads(from({ kind: 'anonymous' }));
  });
});
