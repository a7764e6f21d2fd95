import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { ImageSourceOverrides } from '../../src/services/images/image-source.js';
import {
  inTurn,
  photograph,
  rawAnswer,
  resetMidBody,
  truncatedChunks,
  wrongLength,
  type Answer,
} from '../support/image-host.js';
import { imageErrorOf, serve, sourceFor } from '../support/image-source-fixture.js';

const PHOTOGRAPH = Buffer.from('the bytes of a photograph');

describe('a host that fails', () => {
  const cases: [string, Answer, string][] = [
    ['sends less than it declared', wrongLength(PHOTOGRAPH, 100), 'its host broke off the connection (UND_ERR_SOCKET)'],
    [
      'cuts off its last chunk',
      truncatedChunks(PHOTOGRAPH),
      'the answer of its host is cut short or not valid HTTP (HTTP_PARSER)',
    ],
    ['hangs up', rawAnswer(''), 'its host broke off the connection (UND_ERR_SOCKET)'],
    [
      'speaks another protocol',
      rawAnswer('SSH-2.0-OpenSSH_9.6\r\n'),
      'the answer of its host is cut short or not valid HTTP (HTTP_PARSER)',
    ],
    [
      'sends endless headers',
      rawAnswer(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(100_000)}`),
      'the answer of its host is cut short or not valid HTTP (UND_ERR_HEADERS_OVERFLOW)',
    ],
    [
      'switches protocols',
      rawAnswer('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
      'its host broke off the connection (UND_ERR_SOCKET)',
    ],
  ];

  it.each(cases)('%s, which may pass', async (_what, answer, said) => {
    const host = await serve({ '/a.jpg': answer });
    expect(await imageErrorOf(sourceFor(host).read(`${host.origin}/a.jpg`))).toMatchObject({
      reason: 'HOST_UNREACHABLE',
      isTransient: true,
      httpStatus: null,
      message: `The photograph at ${host.origin}/a.jpg can't be fetched: ${said}.`,
    });
  });

  it.each(cases)('%s, and is asked again', async (_what, answer) => {
    const host = await serve({ '/a.jpg': inTurn(answer, photograph(PHOTOGRAPH)) });
    const source = sourceFor(host, { maxAttempts: 2 });
    expect((await source.read(`${host.origin}/a.jpg`)).bytes).toEqual(PHOTOGRAPH);
  });

  it('resets the connection in the body, which may pass and is tried again', async () => {
    const host = await serve({ '/a.jpg': resetMidBody(PHOTOGRAPH) });
    const error = await imageErrorOf(sourceFor(host).read(`${host.origin}/a.jpg`));
    expect(error).toMatchObject({ reason: 'HOST_UNREACHABLE', isTransient: true });
    // Which of the two comes first, the reset or the end of the stream, is up to the system.
    expect(error.message.replace('ECONNRESET', 'UND_ERR_SOCKET')).toBe(
      `The photograph at ${host.origin}/a.jpg can't be fetched: its host broke off the connection (UND_ERR_SOCKET).`,
    );
    host.on('/a.jpg', inTurn(resetMidBody(PHOTOGRAPH), photograph(PHOTOGRAPH)));
    expect((await sourceFor(host, { maxAttempts: 2 }).read(`${host.origin}/a.jpg`)).bytes).toEqual(PHOTOGRAPH);
  });

  it('refuses the connection, which may pass', async () => {
    const host = await serve({});
    await host.close();
    expect(await imageErrorOf(sourceFor(host).read(`${host.origin}/a.jpg`))).toMatchObject({
      reason: 'HOST_UNREACHABLE',
      isTransient: true,
      message: `The photograph at ${host.origin}/a.jpg can't be fetched: its host refuses connections (ECONNREFUSED).`,
    });
  });

  it('has a certificate that nobody trusts', async () => {
    const host = await serve({ '/a.jpg': photograph(PHOTOGRAPH) }, { scheme: 'https' });
    expect(await imageErrorOf(sourceFor(host, { maxAttempts: 3 }).read(`${host.origin}/a.jpg`))).toMatchObject({
      reason: 'TLS',
      code: 'IMAGE_UNREACHABLE',
      isTransient: false,
      message:
        `The photograph at ${host.origin}/a.jpg can't be fetched: no trusted TLS connection to its host can be made; ` +
        'check its certificate (DEPTH_ZERO_SELF_SIGNED_CERT).',
    });
    expect(host.requests).toHaveLength(0);
    expect(host.openedConnections()).toBe(1);
  });

  it('speaks plain HTTP where TLS is expected', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const host = await serve({});
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const source = sourceFor(host, { allowedPrivateHosts: ['127.0.0.1'] });
    expect((await imageErrorOf(source.read(`https://127.0.0.1:${port ?? 0}/a.jpg`))).reason).toBe('TLS');
    server.close();
  });

  it.each([
    ['ENOTFOUND', false, 'there is no host of that name'],
    ['EAI_AGAIN', true, 'the name of its host can not be resolved now'],
  ])('has a name that the resolver answers with %s', async (code, isTransient, said) => {
    const host = await serve({});
    const lookup: ImageSourceOverrides['lookup'] = (_hostname, _options, callback) => {
      callback(Object.assign(new Error('The resolver failed.'), { code }), []);
    };
    const reading = sourceFor(host, {}, { lookup }).read('https://user:secret@shop.example/a.jpg');
    expect(await imageErrorOf(reading)).toMatchObject({
      reason: 'HOST_UNREACHABLE',
      isTransient,
      message: `The photograph at https://shop.example/a.jpg can't be fetched: ${said} (${code}).`,
    });
  });
});
