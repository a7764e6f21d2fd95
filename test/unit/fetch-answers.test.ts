import { describe, expect, it } from 'vitest';
import { gzipped, photograph, redirect, status, type Answer } from '../support/image-host.js';
import { imageErrorOf, serve, sourceFor } from '../support/image-source-fixture.js';

const PHOTOGRAPH = Buffer.from('the bytes of a photograph');

describe('a photograph that is there', () => {
  it('comes with its bytes, entity tag and date', async () => {
    const headers = { etag: '"v1"', 'last-modified': 'Tue, 01 Jul 2025 10:00:00 GMT' };
    const host = await serve({ '/a.jpg': photograph(PHOTOGRAPH, headers) });
    const fetched = await sourceFor(host).read(`${host.origin}/a.jpg?v=2#top`);
    expect(fetched).toEqual({ bytes: PHOTOGRAPH, etag: '"v1"', lastModified: 'Tue, 01 Jul 2025 10:00:00 GMT' });
    expect(host.requests[0]?.url).toBe('/a.jpg?v=2');
  });

  it('is asked for as Lookalike, as an image and uncompressed', async () => {
    const host = await serve({ '/a.jpg': photograph(PHOTOGRAPH) });
    await sourceFor(host).read(`${host.origin}/a.jpg`);
    const [request] = host.requests;
    expect(request?.headers).toMatchObject({
      'user-agent': 'Lookalike',
      'accept-encoding': 'identity',
      accept: 'image/jpeg,image/png,image/webp;q=0.9,image/gif;q=0.8,image/avif;q=0.7,*/*;q=0.1',
    });
    expect(request?.headers.authorization).toBeUndefined();
    expect(request?.headers.cookie).toBeUndefined();
  });

  it('is taken whatever its host says it is', async () => {
    const host = await serve({ '/a': photograph(PHOTOGRAPH, { 'content-type': 'text/html' }) });
    expect((await sourceFor(host).read(`${host.origin}/a`)).bytes).toEqual(PHOTOGRAPH);
  });

  it('is found below the base of relative URLs', async () => {
    const host = await serve({ '/media/shoes/a%20b.jpg': photograph(PHOTOGRAPH) });
    const source = sourceFor(host, { baseUrl: `${host.origin}/media/` });
    expect((await source.read('shoes/a b.jpg')).bytes).toEqual(PHOTOGRAPH);
    expect((await source.read('/media/shoes/a%20b.jpg')).bytes).toEqual(PHOTOGRAPH);
  });

  it('is asked for with the user and password of its URL, on that host alone', async () => {
    const other = await serve({ '/c.jpg': photograph(PHOTOGRAPH) });
    const host = await serve({ '/a.jpg': redirect('/b.jpg'), '/b.jpg': redirect(`${other.origin}/c.jpg`) });
    const source = sourceFor(host, { allowedPrivateHosts: [host.host, other.host] });
    await source.read(`http://shop:s%40cret@${host.host}/a.jpg`);
    const basic = `Basic ${Buffer.from('shop:s@cret').toString('base64')}`;
    expect(host.requests.map(({ headers }) => headers.authorization)).toEqual([basic, basic]);
    expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it('comes over the connections of the others, the missing ones among them', async () => {
    const host = await serve({ '/a.jpg': photograph(PHOTOGRAPH), '/moved.jpg': redirect('/a.jpg') });
    const source = sourceFor(host);
    for (const path of ['/a.jpg', '/moved.jpg', '/missing.jpg', '/a.jpg', '/missing.jpg', '/a.jpg']) {
      await source.read(host.origin + path).catch(() => undefined);
    }
    expect(host.requests).toHaveLength(7);
    // The agent opens a second one when the first has only just become free; never one for each.
    expect(host.openedConnections()).toBeLessThanOrEqual(2);
  });
});

describe('redirects', () => {
  it.each([301, 302, 303, 307, 308])('follows %i', async (code) => {
    const host = await serve({ '/a.jpg': redirect('b.jpg', code), '/b.jpg': photograph(PHOTOGRAPH) });
    expect((await sourceFor(host).read(`${host.origin}/a.jpg`)).bytes).toEqual(PHOTOGRAPH);
  });

  it('follows five of them to letters that the host did not encode', async () => {
    const routes: Record<string, Answer> = { '/f%C3%BC%C3%9Fe.jpg': photograph(PHOTOGRAPH) };
    for (let step = 1; step < 5; step++) routes[`/${step}`] = redirect(`/${step + 1}`);
    routes['/5'] = redirect(Buffer.from('/füße.jpg').toString('latin1'));
    const host = await serve(routes);
    expect((await sourceFor(host).read(`${host.origin}/1`)).bytes).toEqual(PHOTOGRAPH);
  });

  it('gives up at the sixth', async () => {
    const routes: Record<string, Answer> = { '/7': photograph(PHOTOGRAPH) };
    for (let step = 1; step < 7; step++) routes[`/${step}`] = redirect(`/${step + 1}`);
    const host = await serve(routes);
    expect(await imageErrorOf(sourceFor(host).read(`${host.origin}/1`))).toMatchObject({
      reason: 'REDIRECT_LOOP',
      isTransient: false,
      message: `The photograph at ${host.origin}/1 can't be fetched: its host redirects in a loop or more than 5 times.`,
    });
    expect(host.requests).toHaveLength(6);
  });

  it('gives up at the first that was there before', async () => {
    const host = await serve({ '/a': redirect('/b'), '/b': redirect('/a#again') });
    expect((await imageErrorOf(sourceFor(host).read(`${host.origin}/a`))).reason).toBe('REDIRECT_LOOP');
    expect(host.requests).toHaveLength(2);
  });

  it('refuses one to a private address', async () => {
    const host = await serve({ '/a': redirect('http://169.254.169.254/latest/meta-data/') });
    expect(await imageErrorOf(sourceFor(host).read(`${host.origin}/a`))).toMatchObject({
      reason: 'BLOCKED_ADDRESS',
      isTransient: false,
      message:
        'Nothing is fetched from the host "169.254.169.254", because its address is private or reserved. ' +
        'To allow it, add the host to IMAGE_ALLOWED_PRIVATE_HOSTS.',
    });
  });

  it('refuses one to another scheme, and shows no file in the message', async () => {
    const host = await serve({ '/a': redirect('file:///etc/passwd') });
    expect((await imageErrorOf(sourceFor(host).read(`${host.origin}/a`))).message).toBe(
      'The image URL "file:…" is not read: it must begin with http:// or https://, or be relative.',
    );
  });

  it('refuses one to what is no URL', async () => {
    const host = await serve({ '/a': redirect('http://user:secret@[nowhere/x?key=secret') });
    expect(await imageErrorOf(sourceFor(host).read(`${host.origin}/a`))).toMatchObject({
      reason: 'HOST_UNREACHABLE',
      message: 'The image URL "http://[nowhere/x" is not a valid URL: correct it.',
    });
  });
});

describe('a photograph that is not there', () => {
  it.each([
    [204, 'NOT_AN_IMAGE', false],
    [206, 'NOT_AN_IMAGE', false],
    [300, 'HOST_UNREACHABLE', false],
    [302, 'HOST_UNREACHABLE', false],
    [304, 'HOST_UNREACHABLE', false],
    [400, 'HOST_UNREACHABLE', false],
    [401, 'FORBIDDEN', false],
    [403, 'FORBIDDEN', false],
    [404, 'NOT_FOUND', false],
    [408, 'HOST_UNREACHABLE', true],
    [410, 'GONE', false],
    [425, 'HOST_UNREACHABLE', true],
    [429, 'HOST_UNREACHABLE', true],
    [451, 'FORBIDDEN', false],
    [500, 'HOST_UNREACHABLE', true],
    [503, 'HOST_UNREACHABLE', true],
    [599, 'HOST_UNREACHABLE', true],
  ])('answers %i, which is %s', async (code, reason, isTransient) => {
    const host = await serve({ '/a.jpg': status(code) });
    const error = await imageErrorOf(sourceFor(host).read(`${host.origin}/a.jpg`));
    expect(error).toMatchObject({ reason, isTransient, httpStatus: code, retryAfterMs: null });
  });

  it('says so without the secrets of its URL', async () => {
    const host = await serve({ '/none.jpg': status(404), '/nothing.jpg': status(204) });
    const source = sourceFor(host);
    expect(
      (await imageErrorOf(source.read(`http://user:secret@${host.host}/none.jpg?sig=secret#secret`))).message,
    ).toBe(`The photograph at ${host.origin}/none.jpg can't be fetched: its host answers with status 404.`);
    expect((await imageErrorOf(source.read(`${host.origin}/nothing.jpg`))).message).toBe(
      `The photograph at ${host.origin}/nothing.jpg is not there: its host answers with status 204, which brings no photograph.`,
    );
  });

  it('is an empty body', async () => {
    const host = await serve({ '/a.jpg': photograph(Buffer.alloc(0)) });
    expect(await imageErrorOf(sourceFor(host).read(`${host.origin}/a.jpg`))).toMatchObject({
      reason: 'EMPTY',
      code: 'IMAGE_UNREADABLE',
      isTransient: false,
      message: `The photograph at ${host.origin}/a.jpg is empty: it has 0 bytes.`,
    });
  });

  it('is a compressed body that nobody asked for', async () => {
    const host = await serve({ '/a.jpg': gzipped(Buffer.alloc(10_000_000)) });
    expect(await imageErrorOf(sourceFor(host).read(`${host.origin}/a.jpg`))).toMatchObject({
      reason: 'UNSUPPORTED_FORMAT',
      isTransient: false,
      message:
        `The photograph at ${host.origin}/a.jpg is not read: its host sends it with Content-Encoding "gzip" ` +
        'though "identity" was asked for.',
    });
  });

  it('takes the encoding "identity" for none', async () => {
    const host = await serve({ '/a.jpg': photograph(PHOTOGRAPH, { 'content-encoding': 'Identity' }) });
    expect((await sourceFor(host).read(`${host.origin}/a.jpg`)).bytes).toEqual(PHOTOGRAPH);
  });
});
