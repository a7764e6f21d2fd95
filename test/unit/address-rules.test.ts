import { describe, expect, it } from 'vitest';
import type { ConfigError } from '../../src/errors.js';
import { assertHostAllowed, isPublicAddress, parsePrivateHosts } from '../../src/services/images/image-address.js';

describe('isPublicAddress', () => {
  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '93.184.215.14',
    '172.15.255.255',
    '172.32.0.1',
    '192.167.255.255',
    '100.63.255.255',
    '100.128.0.1',
    '169.253.1.1',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2a00:1450:4001:80b::200e',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
  ])('accepts %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ['this network', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['private', '10.0.0.1'],
    ['private', '10.255.255.255'],
    ['shared by carriers', '100.64.0.1'],
    ['shared by carriers (a cloud keeps its metadata here)', '100.100.100.200'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['link-local (metadata of most clouds)', '169.254.169.254'],
    ['link-local (credentials of containers)', '169.254.170.2'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['protocol assignments', '192.0.0.192'],
    ['documentation', '192.0.2.1'],
    ['6to4 relays', '192.88.99.1'],
    ['private', '192.168.0.1'],
    ['benchmarking', '198.18.0.1'],
    ['documentation', '198.51.100.1'],
    ['documentation', '203.0.113.1'],
    ['multicast', '224.0.0.1'],
    ['multicast', '239.255.255.250'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['metadata of Azure', '168.63.129.16'],
    ['unspecified', '::'],
    ['loopback', '::1'],
    ['loopback with a zone', '::1%lo'],
    ['IPv4-compatible', '::127.0.0.1'],
    ['IPv4-mapped loopback', '::ffff:127.0.0.1'],
    ['IPv4-mapped metadata', '::ffff:a9fe:a9fe'],
    ['IPv4-translated', '::ffff:0:127.0.0.1'],
    ['NAT64 of loopback', '64:ff9b::7f00:1'],
    ['NAT64 of metadata', '64:ff9b::169.254.169.254'],
    ['NAT64 of a network of its own', '64:ff9b:1::808:808'],
    ['discard-only', '100::1'],
    ['Teredo', '2001::1'],
    ['benchmarking', '2001:2::1'],
    ['ORCHID', '2001:20::1'],
    ['documentation', '2001:db8::1'],
    ['documentation', '3fff::1'],
    ['6to4 of loopback', '2002:7f00:1::1'],
    ['6to4 of a public address', '2002:808:808::1'],
    ['segment routing', '5f00::1'],
    ['not given out', '4000::1'],
    ['unique local', 'fc00::1'],
    ['unique local (metadata of AWS)', 'fd00:ec2::254'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ['multicast', 'ff02::1'],
    ['no address', 'shop.example'],
    ['no address', '0x7f.1'],
    ['no address', ''],
  ])('refuses what is %s: %s', (_why, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('parsePrivateHosts', () => {
  it('allows every port of a host without one', () => {
    const hosts = parsePrivateHosts(['media.internal']);
    expect(hosts.allows('media.internal', '80')).toBe(true);
    expect(hosts.allows('media.internal', '9000')).toBe(true);
  });

  it('allows only the port that is given', () => {
    const hosts = parsePrivateHosts(['127.0.0.1:9000', 'media.internal:80']);
    expect(hosts.allows('127.0.0.1', '9000')).toBe(true);
    expect(hosts.allows('127.0.0.1', '9001')).toBe(false);
    expect(hosts.allows('media.internal', '80')).toBe(true);
    expect(hosts.allows('media.internal', '443')).toBe(false);
  });

  it('allows neither subdomains nor parents nor addresses of a host', () => {
    const hosts = parsePrivateHosts(['media.internal', 'localhost']);
    for (const other of ['x.media.internal', 'internal', 'media.internal.evil.example', 'localhost.', '127.0.0.1']) {
      expect(hosts.allows(other, '80'), other).toBe(false);
    }
  });

  it('takes IPv6 with and without brackets, and names in any case', () => {
    const hosts = parsePrivateHosts(['::1', '[fd00::5]:8080', 'Media.Internal']);
    expect(hosts.allows('[::1]', '80')).toBe(true);
    expect(hosts.allows('::1', '443')).toBe(true);
    expect(hosts.allows('[fd00::5]', '8080')).toBe(true);
    expect(hosts.allows('fd00::5', '80')).toBe(false);
    expect(hosts.allows('media.internal', '80')).toBe(true);
  });

  it.each([
    'http://media.internal',
    '10.0.0.0/8',
    'user@host',
    'a b',
    'host:port',
    'host:80:90',
    '*.internal:*',
    '[::1',
  ])('refuses the entry "%s"', (entry) => {
    expect(() => parsePrivateHosts(['fine.internal', entry])).toThrow(
      expect.objectContaining({
        faults: [
          {
            variable: 'IMAGE_ALLOWED_PRIVATE_HOSTS',
            message: `"${entry}" is not accepted: it must be a host or host:port, like media.internal or 10.0.0.5:9000.`,
          },
        ],
      }) as ConfigError,
    );
  });
});

describe('assertHostAllowed', () => {
  it('says which host it refuses and how to allow it', () => {
    expect(() => {
      assertHostAllowed(new URL('http://user:secret@2130706433:8080/a.jpg'), parsePrivateHosts([]));
    }).toThrow(
      expect.objectContaining({
        reason: 'BLOCKED_ADDRESS',
        code: 'IMAGE_UNREACHABLE',
        isTransient: false,
        message:
          'Nothing is fetched from the host "127.0.0.1", because its address is private or reserved. ' +
          'To allow it, add the host to IMAGE_ALLOWED_PRIVATE_HOSTS.',
      }) as Error,
    );
  });
});
