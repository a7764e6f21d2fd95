import type { LookupFunction } from 'node:net';
import type { ImageConfig } from '../../config.js';
import { ServiceUnavailableError } from '../../errors.js';
import type { Log } from '../../log.js';
import { runBounded } from './bounded-work.js';
import { fetchPhotograph, type FetchOptions } from './fetch-photograph.js';
import { parsePrivateHosts } from './image-address.js';
import { makeImageAgent } from './image-agent.js';
import { locateImage, publicUrlOf } from './image-location.js';
import { readImageFile } from './read-image-file.js';
import type { FetchedPhotograph } from './request-photograph.js';

export type { FetchedPhotograph } from './request-photograph.js';
export { hostOf } from './image-location.js';

/** Gets photographs by the URLs that the catalogue has for them. Bounding how many at a time is up to the caller. */
export interface ImageSource {
  /**
   * Reads the photograph that a URL leads to: http(s), or a file for a relative URL below `settings.root`.
   *
   * @param url - as the catalogue has it, absolute or relative.
   * @throws ImageError when it can't be had; the signal's reason when it is aborted; ServiceUnavailableError when the
   *   source is closed.
   */
  read(url: string, options?: { signal?: AbortSignal }): Promise<FetchedPhotograph>;
  /** What a browser should load to show that photograph: an absolute URL, or a path on this server. Never throws. */
  publicUrl(url: string): string;
  /** Ends the reads that run and lets go of all connections. */
  close(): Promise<void>;
}

export interface ImageSourceOverrides {
  /** Resolves the names of hosts, shaped like `dns.lookup`. */
  lookup?: LookupFunction;
  log?: Log;
  /** The wait before the second attempt at a photograph, in milliseconds; 500 by default. It doubles each time. */
  retryDelayMs?: number;
}

/** A connection that is not open by then won't be. */
const LONGEST_CONNECT_MS = 10_000;

/**
 * Makes the source of photographs; it opens nothing before the first read.
 *
 * @throws ConfigError when `settings.allowedPrivateHosts` has an entry that is neither `host` nor `host:port`.
 */
export function makeImageSource(settings: ImageConfig, overrides: ImageSourceOverrides = {}): ImageSource {
  const closing = new AbortController();
  const privateHosts = parsePrivateHosts(settings.allowedPrivateHosts);
  const connectTimeoutMs = Math.min(settings.timeoutMs, LONGEST_CONNECT_MS);
  const agent = makeImageAgent({ privateHosts, connectTimeoutMs, lookup: overrides.lookup });
  const { retryDelayMs = 500, log } = overrides;
  const remote = { agent, privateHosts, maxBytes: settings.maxBytes, settings, retryDelayMs, log };
  return {
    read: (url, { signal } = {}) =>
      runBounded((bound) => readLocation(url, { ...remote, settings, signal: bound }), {
        signals: [closing.signal, signal],
      }),
    publicUrl: (url) => publicUrlOf(url, settings),
    close: async () => {
      closing.abort(new ServiceUnavailableError("Photographs can't be fetched any more: the process is stopping."));
      await agent.destroy();
    },
  };
}

async function readLocation(
  url: string,
  options: FetchOptions & { settings: ImageConfig },
): Promise<FetchedPhotograph> {
  const location = locateImage(url, options.settings);
  return location.kind === 'remote'
    ? fetchPhotograph(location.url, options)
    : readImageFile({ ...location, maxBytes: options.maxBytes });
}
