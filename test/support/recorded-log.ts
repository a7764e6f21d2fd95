import { pino } from 'pino';
import type { Log } from '../../src/log.js';

/** A line of the log as it was written. */
export type LogEntry = Record<string, unknown> & { msg: string };

/** A log for tests that wait for what it says; `entries` grows with every line. */
export function makeRecordedLog(level: 'info' | 'debug' = 'info'): { log: Log; entries: LogEntry[] } {
  const entries: LogEntry[] = [];
  const log = pino({ level }, { write: (line: string) => entries.push(JSON.parse(line) as LogEntry) });
  return { log, entries };
}
