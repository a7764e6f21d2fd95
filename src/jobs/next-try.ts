import type { ImageError } from '../errors.js';

const FIRST_WAIT_SECONDS = 60;

/** However long an image has failed, and whatever its host asks for, it is tried again after a day. */
const LONGEST_WAIT_SECONDS = 24 * 60 * 60;

/**
 * When a run may try an image again that failed for a reason that may pass: after a minute, doubled with every attempt so far,
 * of which a random half is left out so that a host that was away is not met by all at once; or when the host asked for, if
 * that is later. Other reasons wait for the image to change.
 *
 * @param attempts - how often it was tried, over all runs.
 * @param random - from 0 to below 1.
 * @returns Seconds from now; null where it is not to be tried again by itself.
 */
export function nextTrySeconds(
  error: Pick<ImageError, 'isTransient' | 'retryAfterMs'>,
  attempts: number,
  random = Math.random(),
): number | null {
  if (!error.isTransient) return null;
  const longest = Math.min(FIRST_WAIT_SECONDS * 2 ** (attempts - 1), LONGEST_WAIT_SECONDS);
  const askedFor = (error.retryAfterMs ?? 0) / 1000;
  return Math.min(Math.max(longest * (1 - random / 2), askedFor), LONGEST_WAIT_SECONDS);
}
