import { Closers } from '../closers.js';
import type { Config } from '../config.js';
import type { DatabaseOptions } from '../databases.js';
import { makeLog } from '../log.js';

/** Opens something, runs a command on it, and lets go of it afterwards, also when one of both fails. */
export async function withClosers<Opened, Result>(
  config: Config,
  open: (options: DatabaseOptions, closers: Closers) => Promise<Opened>,
  run: (opened: Opened) => Promise<Result>,
): Promise<Result> {
  const log = makeLog(config.log);
  const closers = new Closers(log);
  try {
    return await run(await open({ config, log, whenLocked: 'join' }, closers));
  } finally {
    await closers.closeAll();
  }
}
