import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inTurn, knownBy, photograph, redirect, status } from '../support/image-host.js';
import { imageErrorOf, serve, sourceFor } from '../support/image-source-fixture.js';

const PHOTOGRAPH = Buffer.from('the bytes of a photograph');
const OTHER = Buffer.from('the bytes of another one');
const DATE = 'Tue, 01 Jul 2025 10:00:00 GMT';
const NOTHING = { etag: null, lastModified: null };

describe('a photograph that is known', () => {
  it.each(['"v1"', 'W/"v1"', 'without-quotes', '"\xe9t\xe9"', '"a\tb"'])(
    'by the entity tag %j is not sent again',
    async (etag) => {
      const host = await serve({ '/a.jpg': knownBy({ etag, 'last-modified': DATE }, PHOTOGRAPH) });
      const source = sourceFor(host);
      const known = await source.read(`${host.origin}/a.jpg`);
      expect(await source.readIfChanged(`${host.origin}/a.jpg`, known)).toBeNull();
      expect(host.requests[1]?.headers['if-none-match']).toBe(etag);
      expect(host.requests[1]?.headers['if-modified-since']).toBeUndefined();
    },
  );

  it('by its date alone is not sent again', async () => {
    const host = await serve({ '/a.jpg': knownBy({ 'last-modified': DATE }, PHOTOGRAPH) });
    const source = sourceFor(host);
    const known = await source.read(`${host.origin}/a.jpg`);
    expect(await source.readIfChanged(`${host.origin}/a.jpg`, known)).toBeNull();
    expect(host.requests[1]?.headers['if-modified-since']).toBe(DATE);
    expect(host.requests[1]?.headers['if-none-match']).toBeUndefined();
  });

  it('comes with what it is known by from now on when it is another one', async () => {
    const host = await serve({ '/a.jpg': knownBy({ etag: '"v2"', 'last-modified': DATE }, OTHER) });
    const read = sourceFor(host).readIfChanged(`${host.origin}/a.jpg`, { etag: '"v1"', lastModified: DATE });
    expect(await read).toEqual({ bytes: OTHER, etag: '"v2"', lastModified: DATE });
  });

  it('comes when its host knows nothing of conditions', async () => {
    const host = await serve({ '/a.jpg': photograph(PHOTOGRAPH) });
    const read = sourceFor(host).readIfChanged(`${host.origin}/a.jpg`, { etag: '"v1"', lastModified: DATE });
    expect(await read).toEqual({ bytes: PHOTOGRAPH, ...NOTHING });
  });

  it('is asked for by its tag at every redirect', async () => {
    const cdn = await serve({ '/b.jpg': knownBy({ etag: '"v1"' }, PHOTOGRAPH) });
    const host = await serve({ '/a.jpg': redirect(`${cdn.origin}/b.jpg`) });
    const source = sourceFor(host, { allowedPrivateHosts: [host.host, cdn.host] });
    const known = await source.read(`${host.origin}/a.jpg`);
    expect(known.bytes).toEqual(PHOTOGRAPH);
    expect(await source.readIfChanged(`${host.origin}/a.jpg`, known)).toBeNull();
    expect([host, cdn].map(({ requests }) => requests[1]?.headers['if-none-match'])).toEqual(['"v1"', '"v1"']);
  });

  it('is asked for by its tag at every attempt', async () => {
    const answer = inTurn(status(503), knownBy({ etag: '"v1"' }, PHOTOGRAPH));
    const host = await serve({ '/a.jpg': answer });
    const source = sourceFor(host, { maxAttempts: 2 });
    expect(await source.readIfChanged(`${host.origin}/a.jpg`, { etag: '"v1"', lastModified: null })).toBeNull();
    expect(host.requests).toHaveLength(2);
  });

  it('fails as any other when it is gone, or the attempts that the caller counts are used up', async () => {
    const host = await serve({ '/gone.jpg': status(410), '/busy.jpg': status(503) });
    const source = sourceFor(host, { maxAttempts: 3 });
    const known = { etag: '"v1"', lastModified: DATE };
    expect((await imageErrorOf(source.readIfChanged(`${host.origin}/gone.jpg`, known))).reason).toBe('GONE');
    const busy = source.readIfChanged(`${host.origin}/busy.jpg`, known, { maxAttempts: 1 });
    expect(await imageErrorOf(busy)).toMatchObject({ httpStatus: 503, isTransient: true });
    expect(host.requests).toHaveLength(2);
  });

  it('is not asked for once the signal is aborted', async () => {
    const host = await serve({ '/a.jpg': knownBy({ etag: '"v1"' }, PHOTOGRAPH) });
    const reason = new Error('The chunk was cancelled.');
    const known = { etag: '"v1"', lastModified: null };
    const read = sourceFor(host).readIfChanged(`${host.origin}/a.jpg`, known, { signal: AbortSignal.abort(reason) });
    await expect(read).rejects.toBe(reason);
    expect(host.openedConnections()).toBe(0);
  });

  it('is always read where it is a file', async () => {
    const root = fileURLToPath(new URL('../fixtures/tls/', import.meta.url));
    const source = sourceFor(await serve({}), { root });
    const known = await source.read('self-signed-cert.pem');
    expect(known.lastModified).not.toBeNull();
    expect(await source.readIfChanged('self-signed-cert.pem', known)).toEqual(known);
  });
});

describe('a photograph of which nothing is known', () => {
  const unsendable = ['', '"a\0b"', '"a\r\nx-injected: b"', '"\u2603"', '"\x7f"', '*', ' * '];

  it('is asked for without a condition', async () => {
    const host = await serve({ '/a.jpg': knownBy({ etag: '"v1"', 'last-modified': DATE }, PHOTOGRAPH) });
    const read = await sourceFor(host).readIfChanged(`${host.origin}/a.jpg`, NOTHING);
    expect(read).toEqual({ bytes: PHOTOGRAPH, etag: '"v1"', lastModified: DATE });
    expect(Object.keys(host.requests[0]?.headers ?? {}).filter((name) => name.startsWith('if-'))).toEqual([]);
  });

  it.each(unsendable)('that can be sent, as by the tag %j, is asked for by its date', async (etag) => {
    const host = await serve({ '/a.jpg': knownBy({ 'last-modified': DATE }, PHOTOGRAPH) });
    const source = sourceFor(host);
    expect(await source.readIfChanged(`${host.origin}/a.jpg`, { etag, lastModified: DATE })).toBeNull();
    expect(host.requests[0]?.headers['if-none-match']).toBeUndefined();
  });

  it.each(unsendable.slice(0, 5))('that can be sent, as by the tag and date %j, comes', async (text) => {
    const host = await serve({ '/a.jpg': photograph(PHOTOGRAPH) });
    const read = await sourceFor(host).readIfChanged(`${host.origin}/a.jpg`, { etag: text, lastModified: text });
    expect(read?.bytes).toEqual(PHOTOGRAPH);
    expect(Object.keys(host.requests[0]?.headers ?? {}).filter((name) => /^if-|injected/.test(name))).toEqual([]);
  });

  it('is not there when its host says nonetheless that it is still the same', async () => {
    const host = await serve({ '/a.jpg': status(304) });
    const source = sourceFor(host);
    const expected = {
      reason: 'HOST_UNREACHABLE',
      httpStatus: 304,
      isTransient: false,
      message: `The photograph at ${host.origin}/a.jpg can't be fetched: its host answers with status 304.`,
    };
    expect(await imageErrorOf(source.readIfChanged(`${host.origin}/a.jpg`, NOTHING))).toMatchObject(expected);
    const unsendableTag = { etag: '*', lastModified: null };
    expect(await imageErrorOf(source.readIfChanged(`${host.origin}/a.jpg`, unsendableTag))).toMatchObject(expected);
  });
});
