import { setMaxListeners } from 'node:events';

/** What ends a piece of work before its time. */
export interface WorkBounds {
  /** Any of these ends the work with its own reason. */
  signals: readonly (AbortSignal | undefined)[];
  /** Ends the work after that many milliseconds, with the error. */
  deadline?: { afterMs: number; error: () => Error };
}

/**
 * Runs a piece of work that several things may end. It rejects at the very moment that one of them does, whether the
 * work listens to its signal or not, and leaves no listener or timer behind. (`AbortSignal.any` with a signal that lives
 * as long as the process grows without end on some versions of Node.)
 *
 * @param work - is given the signal that tells it to stop and let go of what it holds.
 * @throws the reason of the signal that ended it, the deadline's error, or what the work threw.
 */
export async function runBounded<T>(work: (signal: AbortSignal) => Promise<T>, bounds: WorkBounds): Promise<T> {
  const controller = new AbortController();
  const releases = bounds.signals.map((signal) => forwardAbort(signal, controller));
  const timer = startDeadline(bounds.deadline, controller);
  const { signal } = controller;
  try {
    signal.throwIfAborted();
    // The order matters: the work may end itself before its first wait.
    return await Promise.race([rejectionBy(signal), work(signal)]);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    for (const release of releases) release();
  }
}

function forwardAbort(signal: AbortSignal | undefined, controller: AbortController): () => void {
  if (signal === undefined) return () => undefined;
  const abort = () => {
    controller.abort(signal.reason);
  };
  if (signal.aborted) abort();
  // Many pieces of work share a signal. They all let go of it, so Node's warning of a leak past ten would be wrong.
  setMaxListeners(0, signal);
  signal.addEventListener('abort', abort);
  return () => {
    signal.removeEventListener('abort', abort);
  };
}

function startDeadline(deadline: WorkBounds['deadline'], controller: AbortController): NodeJS.Timeout | undefined {
  if (deadline === undefined) return undefined;
  return setTimeout(() => {
    controller.abort(deadline.error());
  }, deadline.afterMs);
}

function rejectionBy(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
}
