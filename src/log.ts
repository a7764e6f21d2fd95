import { pino, type DestinationStream, type Logger } from 'pino';
import pretty from 'pino-pretty';

export type Log = Logger;

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** Where log lines go and how they look: JSON lines for machines, coloured short lines on a terminal. */
export interface LogOptions {
  level: LogLevel;
  format: 'json' | 'pretty';
  /** Where lines are written; standard error by default, so that a command's own output stays clean. */
  destination?: DestinationStream;
}

/** Makes the root log. Messages are constant; what varies goes into fields. */
export function makeLog(options: LogOptions): Log {
  const destination = options.destination ?? pino.destination({ dest: 2, sync: true });
  if (options.format === 'json') return pino({ level: options.level, base: null }, destination);
  const stream = pretty({ destination, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', singleLine: true });
  return pino({ level: options.level, base: null }, stream);
}
