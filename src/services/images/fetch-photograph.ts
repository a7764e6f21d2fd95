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
  const tries = { maxAttempts: options.settings.maxAttempts, retryDelayMs: options.retryDelayMs };
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptOnce(url, options);
    } catch (error) {
      options.signal.throwIfAborted();
      const waitMs = error instanceof ImageError ? waitBeforeRetry(error, { ...tries, attempt }) : null;
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

/**
 * Whether an attempt that failed is worth another one, and when.
 *
 * @param tries.attempt - how many there were, this one included.
 * @param tries.retryDelayMs - the wait after the first.
 * @returns Milliseconds to wait; null where another can't help, there were enough, or the host asks for more patience than
 *   `LONGEST_WAIT_MS`.
 */
export function waitBeforeRetry(
  error: Pick<ImageError, 'isTransient' | 'retryAfterMs'>,
  tries: { attempt: number; maxAttempts: number; retryDelayMs: number },
): number | null {
  const { isTransient, retryAfterMs } = error;
  if (!isTransient || tries.attempt >= tries.maxAttempts || (retryAfterMs ?? 0) > LONGEST_WAIT_MS) return null;
  return retryWaitMs({ ...tries, retryAfterMs });
}

/**
 * How long to wait after a failed attempt, in milliseconds: the delay doubled with every attempt, at most
 * `LONGEST_WAIT_MS`, of which a random half is left out; or what the host asked for where that is more, and as large a random
 * part on top. So clients don't come back in step, nor at once where a host asks for no patience at all.
 *
 * @param failed - `attempt` counts from 1; `retryDelayMs` is the wait after the first; `random` is from 0 to below 1.
 */
export function retryWaitMs(failed: {
  attempt: number;
  retryDelayMs: number;
  retryAfterMs: number | null;
  random?: number;
}): number {
  const longest = Math.min(failed.retryDelayMs * 2 ** (failed.attempt - 1), LONGEST_WAIT_MS);
  const scattered = ((failed.random ?? Math.random()) * longest) / 2;
  return Math.max(longest - scattered, failed.retryAfterMs === null ? 0 : failed.retryAfterMs + scattered);
}

async function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(waitMs, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
