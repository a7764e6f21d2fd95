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
 * Stops what runs, or has only begun to start, at the first SIGINT or SIGTERM, and ends the process with 0 then, or with 1 where
 * that takes too long. A second signal ends it at once, with 1.
 *
 * @returns once it has started.
 * @throws what the start throws.
 */
export async function stopOnSignals<Running extends { close: Close }>(
  starting: Promise<Running>,
  options: StopOptions,
): Promise<Running> {
  let isStopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    options.log.info({ signal }, 'stopping');
    stop(starting, options).catch(exitWithError);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return starting;
}

async function stop(starting: Promise<{ close: Close }>, { log, delayMs }: StopOptions): Promise<never> {
  const deadline = setTimeout(() => {
    log.error('could not stop in time');
    process.exit(1);
  }, delayMs + STOP_DEADLINE_MS);
  const running = await starting;
  await running.close();
  clearTimeout(deadline);
  log.info('stopped');
  process.exit(0);
}
