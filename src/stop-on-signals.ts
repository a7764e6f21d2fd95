import { exitWithError } from './exit.js';
import type { Log } from './log.js';
import type { Close } from './types.js';

/**
 * How long a stop may take, beside the time that it waits for others, before the process ends without it. Whatever is cut off
 * then is as after a kill: nothing that was stored is lost, and others go on with the rest.
 */
const STOP_DEADLINE_MS = 10_000;

export interface StopOptions {
  log: Log;
  /** How long the stop waits for others to notice it. */
  delayMs: number;
}

/**
 * Starts something, and stops it at the first SIGINT or SIGTERM, also where it has only begun to start. Ends the process with 0
 * then, or with 1 where that takes too long. A second signal ends it at once, with 1.
 *
 * @param start - its signal is aborted where a stop comes before it is done: then it may as well give up.
 * @returns once it has started; never where it was stopped before.
 * @throws what the start throws.
 */
export async function stopOnSignals<Running extends { close: Close }>(
  start: (givenUp: AbortSignal) => Promise<Running>,
  options: StopOptions,
): Promise<Running> {
  const givenUp = new AbortController();
  let isStarted = false;
  let isStopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    options.log.info({ signal }, 'stopping');
    if (!isStarted) givenUp.abort();
    stop(starting, options).catch(exitWithError);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const starting = start(givenUp.signal).then((running) => {
    isStarted = true;
    return running;
  });
  // What a start says that was given up is nothing to end with.
  return starting.catch((error: unknown) => {
    if (!isStopping) throw error;
    return new Promise<never>(() => undefined);
  });
}

async function stop(starting: Promise<{ close: Close }>, { log, delayMs }: StopOptions): Promise<never> {
  const deadline = setTimeout(() => {
    log.error('could not stop in time');
    process.exit(1);
  }, delayMs + STOP_DEADLINE_MS);
  const running = await starting.catch((error: unknown) => {
    log.debug({ err: error }, 'the start was given up');
    return null;
  });
  await running?.close();
  clearTimeout(deadline);
  log.info('stopped');
  process.exit(0);
}
