import { ServiceUnavailableError } from '../errors.js';

/**
 * Ends the wait for something after a time. What it waited for goes on by itself, unless it heeds the signal.
 *
 * @param work - gets a signal that is aborted when the time is over.
 * @throws ServiceUnavailableError when the time is over.
 */
export async function withinTime<T>(limitMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new ServiceUnavailableError(`There was no answer within ${limitMs} ms.`);
      over.abort(error);
      reject(error);
    }, limitMs);
  });
  try {
    return await Promise.race([work(over.signal), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
