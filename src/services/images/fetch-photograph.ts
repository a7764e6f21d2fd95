import { setTimeout as wait } from 'node:timers/promises';
import type { ImageConfig } from '../../config.js';
import { ImageError } from '../../errors.js';
import type { Log } from '../../log.js';
import { runBounded } from './bounded-work.js';
import { conditionalHeaders, type Validators } from './conditional-headers.js';
import { shownUrl } from './image-location.js';
import { requestPhotograph, type FetchedPhotograph, type RequestOptions } from './request-photograph.js';
import { translateFetchError } from './translate-fetch-error.js';

export interface FetchOptions extends RequestOptions {
  settings: Pick<ImageConfig, 'timeoutMs' | 'maxAttempts'>;
  /** The wait before the second attempt, in milliseconds; it doubles with every further one. */
  retryDelayMs: number;
  log?: Log | undefined;
}

/**
 * The longest wait between two attempts, in milliseconds. Where a host asks for more patience, the caller had better come
 * back another day.
 */
export const LONGEST_WAIT_MS = 30_000;

/** The wait after a first attempt that failed, where nothing else is said. */
export const RETRY_DELAY_MS = 500;

/**
 * Gets a photograph over HTTP. An attempt may take `settings.timeoutMs` from connecting to the last byte; attempts that
 * may succeed later are repeated up to `settings.maxAttempts`, after a wait that the host may set by `Retry-After`.
 *
 * @throws ImageError after the last attempt, or at once where another can't help or would have to wait more than 30
 *   seconds (`retryAfterMs` then says how long); the signal's reason when it is aborted.
 */
export async function fetchPhotograph(url: URL, options: FetchOptions): Promise<FetchedPhotograph> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptOnce(url, options);
    } catch (error) {
      options.signal.throwIfAborted();
      const waitMs = waitBeforeRetry(error, attempt, options);
      if (waitMs === null) throw error;
      options.log?.debug({ host: url.host, attempt, waitMs, err: error }, 'fetching a photograph failed, trying again');
      await pause(waitMs, options.signal);
    }
  }
}

/**
 * Gets a photograph as `fetchPhotograph` does, unless its host says that it still is the one that is known.
 *
 * @returns null where it is.
 */
export async function fetchIfChanged(
  url: URL,
  known: Validators,
  options: FetchOptions,
): Promise<FetchedPhotograph | null> {
  const conditions = conditionalHeaders(known);
  try {
    return await fetchPhotograph(url, { ...options, conditions });
  } catch (error) {
    const isAsked = Object.keys(conditions).length > 0;
    if (isAsked && error instanceof ImageError && error.httpStatus === 304) return null;
    throw error;
  }
}

async function attemptOnce(url: URL, options: FetchOptions): Promise<FetchedPhotograph> {
  const { timeoutMs } = options.settings;
  try {
    return await runBounded((signal) => requestPhotograph(url, { ...options, signal }), {
      signals: [options.signal],
      deadline: { afterMs: timeoutMs, error: () => slowPhotograph(url, timeoutMs) },
    });
  } catch (error) {
    throw translateFetchError(error, url);
  }
}

function slowPhotograph(url: URL, timeoutMs: number): ImageError {
  return new ImageError(
    'TIMEOUT',
    `The photograph at ${shownUrl(url)} did not arrive whole within ${timeoutMs} ms: ` +
      'its host is slow or does not answer, or IMAGE_TIMEOUT_MS is too short.',
    { isTransient: true },
  );
}

/** Milliseconds to wait before the next attempt; null where there is none. */
function waitBeforeRetry(error: unknown, attempt: number, options: FetchOptions): number | null {
  if (!(error instanceof ImageError) || !error.isTransient || attempt >= options.settings.maxAttempts) return null;
  const waitMs = retryWaitMs({ attempt, retryDelayMs: options.retryDelayMs, retryAfterMs: error.retryAfterMs });
  return waitMs > LONGEST_WAIT_MS ? null : waitMs;
}

/**
 * How long to wait after a failed attempt, in milliseconds: what the host asked for if it did, which may be more than
 * `LONGEST_WAIT_MS`; else the delay doubled with every attempt, at most `LONGEST_WAIT_MS`, of which a random half is left
 * out, so that many clients don't come back in step.
 *
 * @param failed - `attempt` counts from 1; `retryDelayMs` is the wait after the first; `random` is from 0 to below 1.
 */
export function retryWaitMs(failed: {
  attempt: number;
  retryDelayMs: number;
  retryAfterMs: number | null;
  random?: number;
}): number {
  if (failed.retryAfterMs !== null) return failed.retryAfterMs;
  const longest = Math.min(failed.retryDelayMs * 2 ** (failed.attempt - 1), LONGEST_WAIT_MS);
  return longest * (1 - (failed.random ?? Math.random()) / 2);
}

async function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(waitMs, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
