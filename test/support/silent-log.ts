import { pino } from 'pino';
import type { Log } from '../../src/log.js';

/** For tests that do not look at the log. */
export const silentLog: Log = pino({ level: 'silent' });
