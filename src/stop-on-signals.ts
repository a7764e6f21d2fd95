import type { Log } from './log.js';
import type { Close } from './types.js';

/** How long a stop may take before the process ends without it. */
const STOP_DEADLINE_MS = 30_000;

/** Stops what runs at the first SIGINT or SIGTERM and ends the process then; a second one ends it at once. */
export function stopOnSignals(running: { close: Close }, log: Log): void {
  let isStopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    log.info({ signal }, 'stopping');
    const deadline = setTimeout(() => {
      log.error('could not stop in time');
      process.exit(1);
    }, STOP_DEADLINE_MS);
    void running.close().then(() => {
      clearTimeout(deadline);
      log.info('stopped');
      process.exit(0);
    });
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}
