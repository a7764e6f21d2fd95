import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { ConfigError, ImageError } from '../../errors.js';

/** Hosts that may be fetched from although their address is private; made by {@link parsePrivateHosts}. */
export interface PrivateHosts {
  /**
   * @param hostname - as `URL.hostname` gives it, with or without the brackets of IPv6.
   * @param port - in digits.
   */
  allows(hostname: string, port: string): boolean;
}

/**
 * Azure answers its machines' configuration from this address, which lies in no reserved range:
 * https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 */
const PLATFORM_ADDRESSES: readonly string[] = ['168.63.129.16'];

/** IPv6 prefixes that carry an IPv4 address in their last 32 bits and lead to it: RFC 4291 2.5.5.2 and RFC 6052 2.1. */
const IPV4_CARRIERS = ['::ffff:0:0/96', '64:ff9b::/96'].map((range) => ipaddr.IPv6.parseCIDR(range));

/** All that IANA has given out for global unicast so far, RFC 4291 2.4; the rest of IPv6 leads nowhere public. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an address is one of the public internet: not loopback, private, link-local, shared (CGNAT), multicast,
 * documentation, benchmarking, a transition mechanism, a cloud's metadata service or anything else that is reserved.
 *
 * @param address - IPv4 or IPv6 in text, with or without a zone id; anything else is not public.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  return parsed instanceof ipaddr.IPv4 ? isPublicIpv4(parsed) : isPublicIpv6(parsed);
}

function isPublicIpv4(address: ipaddr.IPv4): boolean {
  return address.range() === 'unicast' && !PLATFORM_ADDRESSES.includes(address.toString());
}

function isPublicIpv6(address: ipaddr.IPv6): boolean {
  if (IPV4_CARRIERS.some((range) => address.match(range))) {
    return isPublicIpv4(new ipaddr.IPv4(address.toByteArray().slice(12)));
  }
  return address.range() === 'unicast' && address.match(GLOBAL_UNICAST);
}

/**
 * Reads the list of hosts that are fetched from although their address is private.
 *
 * @param entries - `host` for every port of it, or `host:port`; IPv6 with brackets where a port follows.
 * @throws ConfigError with every entry that is neither.
 */
export function parsePrivateHosts(entries: readonly string[], variable = 'IMAGE_ALLOWED_PRIVATE_HOSTS'): PrivateHosts {
  const parsed = entries.map((entry) => ({ entry, key: keyOfEntry(entry) }));
  const faults = parsed.filter(({ key }) => key === null).map(({ entry }) => faultOfEntry(entry, variable));
  if (faults.length > 0) throw new ConfigError(faults);
  const keys = new Set(parsed.map(({ key }) => key));
  return {
    allows: (hostname, port) => {
      const bare = withoutBrackets(hostname);
      return keys.has(bare) || keys.has(`${bare} ${port}`);
    },
  };
}

/** `host` or `host port`, in the form that `URL.hostname` has without brackets; null where the entry is neither. */
function keyOfEntry(entry: string): string | null {
  const [, host = entry, port] = /^(\[[^\]]*\]|[^:]*):(\d{1,5})$/.exec(entry) ?? [];
  const authority = isIP(host) === 6 ? `[${host}]` : host;
  if (/[/?#@\\\s]/.test(authority) || !URL.canParse(`http://${authority}/`)) return null;
  const url = new URL(`http://${authority}/`);
  if (url.port !== '') return null;
  const hostname = withoutBrackets(url.hostname);
  return port === undefined ? hostname : `${hostname} ${Number(port)}`;
}

function faultOfEntry(entry: string, variable: string) {
  const message = `"${entry}" is not accepted: it must be a host or host:port, like media.internal or 10.0.0.5:9000.`;
  return { variable, message };
}

/**
 * Refuses a URL whose host is a private address in any notation, or a name of this machine. Other names are judged by
 * the addresses that they resolve to, at the moment of connecting.
 *
 * @throws ImageError BLOCKED_ADDRESS.
 */
export function assertHostAllowed(url: URL, privateHosts: PrivateHosts): void {
  if (privateHosts.allows(url.hostname, portOf(url))) return;
  if (isPrivateByName(url.hostname)) throw blockedHost(url.hostname);
}

/** Whether a host can be refused before it is resolved: a literal address that is not public, or `localhost` (RFC 6761). */
export function isPrivateByName(hostname: string): boolean {
  const bare = withoutBrackets(hostname);
  if (isIP(bare) !== 0) return !isPublicAddress(bare);
  return /(^|\.)localhost\.*$/i.test(bare);
}

/** The error for a host that is not fetched from. It does not tell what the name resolves to inside this network. */
export function blockedHost(hostname: string): ImageError {
  return new ImageError(
    'BLOCKED_ADDRESS',
    `Nothing is fetched from the host "${hostname}", because its address is private or reserved. ` +
      'To allow it, add the host to IMAGE_ALLOWED_PRIVATE_HOSTS.',
  );
}

/** The port in digits, where the scheme implies it too. */
export function portOf(url: { port: string; protocol: string }): string {
  if (url.port !== '') return url.port;
  return url.protocol === 'https:' ? '443' : '80';
}

function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}
