import type { IncomingMessage } from 'node:http';
import proxyAddr from 'proxy-addr';

/** Tells from which address a client comes, behind the proxies that are trusted. */
export type ClientAddress = (request: IncomingMessage) => string;

/**
 * The same for requests and for the handshakes of sockets, which Express never sees.
 *
 * @param trustProxy - how many proxies there are in front, or their addresses.
 */
export function makeClientAddress(trustProxy: number | readonly string[]): ClientAddress {
  const isTrusted =
    typeof trustProxy === 'number'
      ? (_address: string, hops: number): boolean => hops < trustProxy
      : proxyAddr.compile([...trustProxy]);
  return (request) => proxyAddr(request, isTrusted);
}
