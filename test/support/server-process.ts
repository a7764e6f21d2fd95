import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { until } from './until.js';

/** A line of its log. */
export interface LogLine {
  msg: string;
  level: number;
  [field: string]: unknown;
}

/** How a process ended. */
export interface ServerEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A server in a process of its own. */
export interface ServerProcess {
  process: ChildProcess;
  /** What it has logged so far. */
  lines: readonly LogLine[];
  /** Waits until it has logged a message. @throws Error where it ends, or takes too long. */
  logged(message: string, timeoutMs?: number): Promise<LogLine>;
  /** `http://localhost:4000/`, once it is ready. */
  ready(): Promise<string>;
  ended: Promise<ServerEnd>;
  /** Kills it where it has not ended, and tidies up. */
  kill(): Promise<void>;
}

export const ADMIN_TOKEN = 'the-admin-token-of-the-process';

/** Loading a model beside many other processes takes its time. */
const START_MS = 120_000;

/**
 * Starts a server that sees `env` alone. Its folder is a new one, without the `.env` that a developer may have.
 *
 * @param program - path of the bundled `main.js`.
 * @param prefix - words before the command that starts it.
 */
export function launchServer(
  program: string,
  env: Record<string, string>,
  prefix: readonly string[] = [],
): ServerProcess {
  const cwd = mkdtempSync(join(tmpdir(), 'lookalike-cwd-'));
  const [file, ...args] = [...prefix, process.execPath, program];
  const child = spawn(file, args, {
    cwd,
    env: { PATH: process.env.PATH, PORT: '0', LOG_FORMAT: 'json', ADMIN_TOKEN, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines: LogLine[] = [];
  const readable = createInterface({ input: child.stderr });
  readable.on('line', (line) => lines.push(parseLine(line)));
  const ended = new Promise<ServerEnd>((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code, signal });
    });
  });
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const logged = (message: string, timeoutMs = START_MS): Promise<LogLine> =>
    until(
      `the server logs "${message}"`,
      () => {
        const found = lines.find(({ msg }) => msg === message);
        if (found === undefined && hasEnded()) throw new Error(`It ended: ${lines.map(({ msg }) => msg).join('\n')}`);
        return found;
      },
      timeoutMs,
    );
  return {
    process: child,
    lines,
    logged,
    ready: async () => String((await logged('Lookalike is ready')).url),
    ended,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(cwd, { recursive: true, force: true });
    },
  };
}

/** What comes before the log is there is no JSON. */
function parseLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { msg: line, level: 50 };
  }
}
