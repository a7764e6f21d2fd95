/** Exit codes of commands that follow a backfill: done, failed, interrupted by Ctrl+C (128 + SIGINT). */
export const EXIT = { done: 0, failed: 1, interrupted: 130 } as const;

/** How a command hears of Ctrl+C. */
export interface Interruption {
  /** Aborted by the first SIGINT or SIGTERM, for the command to end in order. */
  signal: AbortSignal;
  /** Until this is called, there is nothing to end in order: a signal ends the process at once. */
  begin: () => void;
}

/** Listens for SIGINT and SIGTERM; a second one ends the process at once. */
export function listenForInterruption(): Interruption {
  const interrupt = new AbortController();
  let hasBegun = false;
  const onSignal = (): void => {
    // A kill loses no more than the batch in flight either.
    if (!hasBegun || interrupt.signal.aborted) process.exit(EXIT.interrupted);
    interrupt.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return { signal: interrupt.signal, begin: () => void (hasBegun = true) };
}
