import { once } from 'node:events';
import { createServer, type AddressInfo, type LookupFunction, type Server } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ImageError } from '../../src/errors.js';
import { makeImageSource, type ImageSource } from '../../src/services/images/image-source.js';
import { imageSettings, redirect, startImageHost, type ImageHost } from '../support/image-host.js';

/** Notations of a host; the port of the canary follows each of them. */
const LOOPBACK_HOSTS = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '127.0.0.1.',
  '127.255.255.254',
  '127.8.8.8',
  '2130706433',
  '2130706433.',
  '017700000001',
  '0177.0.0.1',
  '0177.0.0.01',
  '0x7f.0.0.1',
  '0x7f.1',
  '0x7f000001',
  '0x7F000001',
  '0x0000007f.0x0.0x0.0x1',
  '127.0.0.0x1',
  '127.0.0.01',
  '%31%32%37.0.0.1',
  '127%2e0%2e0%2e1',
  '１２７.０.０.１',
  '①②⑦.⓪.⓪.①',
  '127。0。0。1',
  '127．0．0．1',
  '0',
  '0.0.0.0',
  '0x0',
  '00',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::FFFF:7f00:1]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '[::127.0.0.1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  'localhost',
  'LOCALHOST',
  'localhost.',
  'localhost..',
  'ｌｏｃａｌｈｏｓｔ',
  'loc%61lhost',
  'shop.localhost',
  'a.b.localhost.',
  'user:secret@127.0.0.1',
  'public.example@127.0.0.1',
  'public.example%40@127.0.0.1',
];

const OTHER_PRIVATE_HOSTS = [
  '10.0.0.1',
  '172.16.0.1',
  '192.168.1.1',
  '0xc0a80101',
  '100.64.0.1',
  '169.254.169.254',
  '0xa9fea9fe',
  '2852039166',
  '0251.0376.0251.0376',
  '169.254.43518',
  '[::ffff:169.254.169.254]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '[fc00::1]',
  '[ff02::1]',
  '192.0.2.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '168.63.129.16',
];

/** Nothing that a URL may be, though some programs accept them. */
const INVALID_HOSTS = [
  '[fe80::1%25eth0]',
  '[::1%25lo]',
  '127.0.0.1.1',
  '256.0.0.1',
  '0x100000000',
  '[127.0.0.1]',
  '08.1',
];

const answer =
  (...addresses: string[]): LookupFunction =>
  (_hostname, _options, callback) => {
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };

describe('a canary on loopback', () => {
  let canary: Server;
  let port: number;
  let touches = 0;
  let publicHost: ImageHost;
  let source: ImageSource;

  beforeAll(async () => {
    canary = createServer((socket) => {
      touches += 1;
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret');
    });
    canary.listen(0, '127.0.0.1');
    await once(canary, 'listening');
    port = (canary.address() as AddressInfo).port;
    publicHost = await startImageHost();
    // A resolver of the worst kind: whatever is asked, it is this machine.
    source = makeImageSource(imageSettings({ allowedPrivateHosts: [publicHost.host] }), {
      lookup: answer('127.0.0.1'),
    });
  });

  beforeEach(() => {
    touches = 0;
  });

  afterAll(async () => {
    await source.close();
    await publicHost.close();
    canary.close();
  });

  const expectRefused = async (url: string, from: ImageSource = source) => {
    const error: unknown = await from.read(url).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ImageError);
    expect(touches).toBe(0);
    expect(String(error)).not.toMatch(/secret/);
    return (error as ImageError).reason;
  };

  it('is found where its host is allowed, so that the tests below can fail', async () => {
    const trusting = makeImageSource(imageSettings({ allowedPrivateHosts: [`127.0.0.1:${port}`] }));
    const { bytes } = await trusting.read(`http://2130706433:${port}/a.jpg`);
    expect(bytes.toString()).toBe('secret');
    expect(touches).toBe(1);
    await trusting.close();
  });

  it.each([...LOOPBACK_HOSTS, ...OTHER_PRIVATE_HOSTS])('is not reached by http://%s', async (host) => {
    expect(await expectRefused(`http://${host}:${port}/a.jpg`)).toBe('BLOCKED_ADDRESS');
    expect(await expectRefused(`https://${host}:${port}/a.jpg`)).toBe('BLOCKED_ADDRESS');
    expect(await expectRefused(`//${host}:${port}/a.jpg`)).toBe('BLOCKED_ADDRESS');
  });

  it.each([...LOOPBACK_HOSTS, ...OTHER_PRIVATE_HOSTS])('is not reached by a redirect to http://%s', async (host) => {
    // Node writes a header's characters as bytes, so these are the bytes of the address in UTF-8.
    const location = Buffer.from(`http://${host}:${port}/a.jpg`).toString('latin1');
    publicHost.on('/moved.jpg', redirect(location));
    expect(await expectRefused(`${publicHost.origin}/moved.jpg`)).toBe('BLOCKED_ADDRESS');
  });

  it.each(INVALID_HOSTS)('is not reached by what is no URL: http://%s', async (host) => {
    expect(await expectRefused(`http://${host}:${port}/a.jpg`)).toBe('HOST_UNREACHABLE');
    publicHost.on('/moved.jpg', redirect(`http://${host}:${port}/a.jpg`));
    expect(await expectRefused(`${publicHost.origin}/moved.jpg`)).toBe('HOST_UNREACHABLE');
  });

  it.each([
    'http:\\\\127.0.0.1',
    'http:/127.0.0.1',
    'http:127.0.0.1',
    'HTTP://127.0.0.1',
    ' http://127.0.0.1',
    'http:///127.0.0.1',
  ])('is not reached by the sloppy notation "%s"', async (start) => {
    expect(await expectRefused(`${start}:${port}/a.jpg`)).toBe('BLOCKED_ADDRESS');
  });

  it.each(['ht\ntp://127.0.0.1', 'http://127.0.\t0.1', 'http://127.0.0.1\0.example'])(
    'is not reached by control characters: %j',
    async (start) => {
      expect(await expectRefused(`${start}:${port}/a.jpg`)).toBe('BLOCKED_ADDRESS');
    },
  );

  it('is not reached by a redirect to a scheme that is not the web', async () => {
    for (const target of [
      'file:///etc/passwd',
      'gopher://127.0.0.1/',
      'data:image/gif;base64,R0lGOD',
      'ftp://127.0.0.1/',
    ]) {
      publicHost.on('/moved.jpg', redirect(target));
      expect(await expectRefused(`${publicHost.origin}/moved.jpg`)).toBe('BLOCKED_ADDRESS');
    }
  });

  it.each([
    ['only a private address', ['127.0.0.1']],
    ['a public address and a private one', ['2d00::1', '127.0.0.1']],
    ['a private address and a public one', ['127.0.0.1', '2d00::1']],
    ['an IPv6 loopback address', ['::1']],
    ['a mapped loopback address', ['::ffff:127.0.0.1']],
    ['a link-local address with a zone', ['fe80::1%eth0']],
    ['no address', []],
  ])('is not reached by a name that resolves to %s', async (_what, addresses) => {
    const resolving = makeImageSource(imageSettings(), { lookup: answer(...addresses) });
    expect(await expectRefused(`http://shop.example:${port}/a.jpg`, resolving)).toBe('BLOCKED_ADDRESS');
    await resolving.close();
  });

  it('is not reached by a name that resolves to loopback at a second attempt only', async () => {
    let lookups = 0;
    const rebinding: LookupFunction = (hostname, options, callback) => {
      lookups += 1;
      if (lookups > 1) answer('127.0.0.1')(hostname, options, callback);
      else callback(Object.assign(new Error('Try again.'), { code: 'EAI_AGAIN' }), []);
    };
    const rebound = makeImageSource(imageSettings({ maxAttempts: 2 }), { lookup: rebinding, retryDelayMs: 1 });
    expect(await expectRefused(`http://shop.example:${port}/a.jpg`, rebound)).toBe('BLOCKED_ADDRESS');
    expect(lookups).toBe(2);
    await rebound.close();
  });

  it('is not reached by a connection of a name to whose other port one is open already', async () => {
    const [, openPort = ''] = publicHost.host.split(':');
    const settings = imageSettings({ allowedPrivateHosts: [`shop.example:${openPort}`] });
    const trusting = makeImageSource(settings, { lookup: answer('127.0.0.1') });
    publicHost.on('/moved.jpg', redirect(`http://shop.example:${port}/a.jpg`));
    expect(await expectRefused(`http://shop.example:${openPort}/moved.jpg`, trusting)).toBe('BLOCKED_ADDRESS');
    await trusting.close();
  });

  it('is not reached through another port of an allowed host', async () => {
    const [, allowedPort] = publicHost.host.split(':');
    expect(Number(allowedPort)).not.toBe(port);
    expect(await expectRefused(`http://127.0.0.1:${port}/a.jpg`)).toBe('BLOCKED_ADDRESS');
  });
});
