import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceUnavailableError } from '../errors.js';
import { LeaseLostError } from './backfill-parts.js';

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5000;

/** Tries in all: about a minute, by when the lease is long gone and the job goes on elsewhere. */
const TRIES = 16;

/**
 * Does something with a database, again and again while it can't answer. What is done may have been done already when the
 * answer was lost, so it must be such that a second time changes nothing.
 *
 * @throws What the last try threw; the signal's reason once it is aborted.
 */
export async function untilAvailable<Result>(act: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      signal?.throwIfAborted();
      const mayPass = error instanceof ServiceUnavailableError && !(error instanceof LeaseLostError);
      if (!mayPass || tries >= TRIES) throw error;
      await sleep(Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS), undefined, signal && { signal });
    }
  }
}
