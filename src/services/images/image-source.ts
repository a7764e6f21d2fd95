import type { LookupFunction } from 'node:net';
import type { ImageConfig } from '../../config.js';
import { ServiceUnavailableError } from '../../errors.js';
import type { Log } from '../../log.js';
import { runBounded } from './bounded-work.js';
import type { Validators } from './conditional-headers.js';
import { fetchIfChanged, fetchPhotograph, RETRY_DELAY_MS, type FetchOptions } from './fetch-photograph.js';
import { parsePrivateHosts } from './image-address.js';
import { makeImageAgent } from './image-agent.js';
import { locateImage, publicUrlOf, type ImageLocation } from './image-location.js';
import { readImageFile } from './read-image-file.js';
import type { FetchedPhotograph } from './request-photograph.js';

export type { FetchedPhotograph } from './request-photograph.js';
export type { Validators } from './conditional-headers.js';
export { hostOf } from './image-location.js';

export interface ReadOptions {
  /** Ends the read at any moment. */
  signal?: AbortSignal;
  /** Attempts at a photograph that may come later, the first one included; `settings.maxAttempts` by default. */
  maxAttempts?: number;
}

/** Gets photographs by the URLs that the catalogue has for them. Bounding how many at a time is up to the caller. */
export interface ImageSource {
  /**
   * Reads the photograph that a URL leads to: http(s), or a file for a relative URL below `settings.root`.
   *
   * @param url - as the catalogue has it, absolute or relative.
   * @throws ImageError when it can't be had; the signal's reason when it is aborted; ServiceUnavailableError when the
   *   source is closed.
   */
  read(url: string, options?: ReadOptions): Promise<FetchedPhotograph>;
  /**
   * Reads a photograph as `read` does, unless its host says that it still is the one that is known. A file is always read:
   * its date has whole seconds only, and reading it costs little.
   *
   * @param known - what came with the photograph when it was last read by that very URL.
   * @returns null where it still is that one.
   */
  readIfChanged(url: string, known: Validators, options?: ReadOptions): Promise<FetchedPhotograph | null>;
  /** What a browser should load to show that photograph: an absolute URL, or a path on this server. Never throws. */
  publicUrl(url: string): string;
  /** Ends the reads that run and lets go of all connections. */
  close(): Promise<void>;
}

export interface ImageSourceOverrides {
  /** Resolves the names of hosts, shaped like `dns.lookup`. */
  lookup?: LookupFunction;
  log?: Log;
  /** The environment variable that `settings.allowedPrivateHosts` is from, where it is not IMAGE_ALLOWED_PRIVATE_HOSTS. */
  privateHostsVariable?: string;
  /** The wait before the second attempt at a photograph, in milliseconds; `RETRY_DELAY_MS` by default. It doubles each time. */
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
  const privateHosts = parsePrivateHosts(settings.allowedPrivateHosts, overrides.privateHostsVariable);
  const connectTimeoutMs = Math.min(settings.timeoutMs, LONGEST_CONNECT_MS);
  const agent = makeImageAgent({ privateHosts, connectTimeoutMs, lookup: overrides.lookup });
  const { retryDelayMs = RETRY_DELAY_MS, log } = overrides;
  const remote = { agent, privateHosts, maxBytes: settings.maxBytes, retryDelayMs, log };
  const bounded = <T>(given: ReadOptions, work: (options: FetchOptions) => Promise<T>): Promise<T> => {
    const attempts = { ...settings, maxAttempts: given.maxAttempts ?? settings.maxAttempts };
    return runBounded((signal) => work({ ...remote, settings: attempts, signal }), {
      signals: [closing.signal, given.signal],
    });
  };
  return {
    read: (url, given = {}) => bounded(given, (options) => readLocation(locateImage(url, settings), options)),
    readIfChanged: (url, known, given = {}) =>
      bounded(given, (options) => {
        const location = locateImage(url, settings);
        return location.kind === 'remote'
          ? fetchIfChanged(location.url, known, options)
          : readLocation(location, options);
      }),
    publicUrl: (url) => publicUrlOf(url, settings),
    close: async () => {
      closing.abort(new ServiceUnavailableError("Photographs can't be fetched any more: the process is stopping."));
      await agent.destroy();
    },
  };
}

async function readLocation(location: ImageLocation, options: FetchOptions): Promise<FetchedPhotograph> {
  return location.kind === 'remote'
    ? fetchPhotograph(location.url, options)
    : readImageFile({ ...location, maxBytes: options.maxBytes });
}
