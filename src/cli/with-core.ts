import { Closers } from '../closers.js';
import type { Config } from '../config.js';
import { startCore, type Core } from '../core.js';
import { makeLog } from '../log.js';

/** Runs a command on databases, catalogue and model, and lets go of them afterwards, also when it fails. */
export async function withCore<Result>(config: Config, run: (core: Core) => Promise<Result>): Promise<Result> {
  const log = makeLog(config.log);
  const closers = new Closers(log);
  try {
    return await run(await startCore({ config, log, whenLocked: 'join' }, closers));
  } finally {
    await closers.closeAll();
  }
}
