import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { blockedHost, isPrivateByName, isPublicAddress, portOf, type PrivateHosts } from './image-address.js';

export interface ImageAgentOptions {
  privateHosts: PrivateHosts;
  /** Time that a connection, TLS included, may take to open. */
  connectTimeoutMs: number;
  /** Resolves names; the system's resolver by default. */
  lookup?: LookupFunction | undefined;
}

/**
 * As many as DOWNLOAD_CONCURRENCY_PER_HOST may be, so that a fetch never waits in here, where its deadline would run
 * without anything being tried.
 */
const CONNECTIONS_PER_HOST = 256;

/** How long an idle connection is kept: long enough for the next batch of a backfill. */
const KEEP_ALIVE_MS = 10_000;

/**
 * Makes the agent that every photograph is fetched through. It opens connections to public addresses only, except for
 * the private hosts that are allowed, and it connects to the very addresses that it checked: a name that resolves to
 * something else a moment later changes nothing.
 */
export function makeImageAgent(options: ImageAgentOptions): Agent {
  return new Agent({
    connect: guardedConnector(options),
    connections: CONNECTIONS_PER_HOST,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // The deadline over a whole attempt takes the place of both.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

function guardedConnector(options: ImageAgentOptions): buildConnector.connector {
  const { privateHosts, connectTimeoutMs: timeout, lookup = systemLookup } = options;
  const connectAnywhere = buildConnector({ timeout, lookup });
  const connectToPublic = buildConnector({ timeout, lookup: publicLookup(lookup) });
  return (target, callback) => {
    if (privateHosts.allows(target.hostname, portOf(target))) {
      connectAnywhere(target, callback);
    } else if (isPrivateByName(target.hostname)) {
      // Literal addresses are never looked up, so they are judged here.
      callback(blockedHost(target.hostname), null);
    } else {
      connectToPublic(target, callback);
    }
  };
}

/** A lookup that fails unless every address of the name is public. */
function publicLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found, family) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const addresses = typeof found === 'string' ? [{ address: found, family: family ?? 0 }] : found;
      answerWith(addresses, { hostname, all: options.all === true }, callback);
    });
  };
}

function answerWith(
  addresses: LookupAddress[],
  asked: { hostname: string; all: boolean },
  callback: Parameters<LookupFunction>[2],
): void {
  const [first] = addresses;
  if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
    callback(blockedHost(asked.hostname), []);
  } else if (asked.all) {
    callback(null, addresses);
  } else {
    callback(null, first.address, first.family);
  }
}
