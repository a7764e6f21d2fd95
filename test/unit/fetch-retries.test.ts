import { describe, expect, it } from 'vitest';
import { ImageError } from '../../src/errors.js';
import { retryWaitMs } from '../../src/services/images/fetch-photograph.js';
import { parseRetryAfter } from '../../src/services/images/translate-fetch-error.js';
import { inTurn, photograph, status, type Answer } from '../support/image-host.js';
import { serve, sourceFor } from '../support/image-source-fixture.js';

const PHOTOGRAPH = Buffer.from('the bytes of a photograph');

async function serveAttempts(answer: Answer) {
  const host = await serve({ '/a.jpg': answer });
  return { host, url: `${host.origin}/a.jpg`, source: sourceFor(host, { maxAttempts: 3 }) };
}

describe('attempts', () => {
  it.each([408, 425, 429, 500, 502, 503, 504])('are repeated after %i', async (code) => {
    const { host, url, source } = await serveAttempts(inTurn(status(code), status(code), photograph(PHOTOGRAPH)));
    expect((await source.read(url)).bytes).toEqual(PHOTOGRAPH);
    expect(host.requests).toHaveLength(3);
  });

  it('end when they are used up, with the last error', async () => {
    const { host, url, source } = await serveAttempts(
      inTurn(status(500), status(502), status(503), photograph(PHOTOGRAPH)),
    );
    await expect(source.read(url)).rejects.toMatchObject({ httpStatus: 503, isTransient: true });
    expect(host.requests).toHaveLength(3);
  });

  it.each([400, 401, 403, 404, 410, 204])('are not repeated after %i', async (code) => {
    const { host, url, source } = await serveAttempts(inTurn(status(code), photograph(PHOTOGRAPH)));
    await expect(source.read(url)).rejects.toBeInstanceOf(ImageError);
    expect(host.requests).toHaveLength(1);
  });

  it('are repeated after a Retry-After of no time at all', async () => {
    const { url, source } = await serveAttempts(inTurn(status(429, { 'retry-after': '0' }), photograph(PHOTOGRAPH)));
    expect((await source.read(url)).bytes).toEqual(PHOTOGRAPH);
  });

  it('end at once when the host asks for more patience than a fetch has', async () => {
    const { host, url, source } = await serveAttempts(
      inTurn(status(429, { 'retry-after': '31' }), photograph(PHOTOGRAPH)),
    );
    await expect(source.read(url)).rejects.toMatchObject({
      reason: 'HOST_UNREACHABLE',
      httpStatus: 429,
      isTransient: true,
      retryAfterMs: 31_000,
    });
    expect(host.requests).toHaveLength(1);
  });

  it('tell what the host asked for when they are used up', async () => {
    const { url, source } = await serveAttempts(inTurn(status(503), status(503), status(503, { 'retry-after': '7' })));
    await expect(source.read(url)).rejects.toMatchObject({ retryAfterMs: 7000 });
  });
});

describe('attempts that the caller counts', () => {
  it.each([1, 2, 4])('are %i, whatever the settings say', async (maxAttempts) => {
    const { host, url, source } = await serveAttempts(status(503));
    await expect(source.read(url, { maxAttempts })).rejects.toMatchObject({ httpStatus: 503, isTransient: true });
    expect(host.requests).toHaveLength(maxAttempts);
  });
});

describe('retryWaitMs', () => {
  it('is what the host asks for, and a random part on top', () => {
    expect(retryWaitMs({ attempt: 2, retryDelayMs: 500, retryAfterMs: 7000, random: 0 })).toBe(7000);
    expect(retryWaitMs({ attempt: 2, retryDelayMs: 500, retryAfterMs: 7000, random: 0.5 })).toBe(7250);
  });

  it('is not less than without a host that asks for no patience', () => {
    expect(retryWaitMs({ attempt: 2, retryDelayMs: 500, retryAfterMs: 0, random: 0.5 })).toBe(750);
  });

  it('doubles from attempt to attempt, up to 30 seconds', () => {
    const waits = [1, 2, 3, 4, 20].map((attempt) =>
      retryWaitMs({ attempt, retryDelayMs: 500, retryAfterMs: null, random: 0 }),
    );
    expect(waits).toEqual([500, 1000, 2000, 4000, 30_000]);
  });

  it('leaves out up to half at random', () => {
    expect(retryWaitMs({ attempt: 1, retryDelayMs: 500, retryAfterMs: null, random: 0.999 })).toBeCloseTo(250.25);
    const waits = Array.from({ length: 20 }, () => retryWaitMs({ attempt: 1, retryDelayMs: 500, retryAfterMs: null }));
    expect(new Set(waits).size).toBeGreaterThan(1);
  });
});

describe('parseRetryAfter', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');

  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['9'.repeat(400), 86_400_000],
    ['Fri, 01 Jan 2100 00:00:00 GMT', 86_400_000],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('reads %s as %s ms', (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });
});
