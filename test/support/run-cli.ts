import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import { projectRoot } from '../../src/paths.js';

/** How a process ended, and all it wrote. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunningCli {
  process: ChildProcess;
  /** What it has written to standard output so far. */
  stdout(): string;
  /** The same of standard error, where the log goes. */
  stderr(): string;
  /** Kills it if it has not ended, and tidies up. */
  kill: () => Promise<void>;
  ended: Promise<Ended>;
}

/**
 * Starts one of the project's programs, bundled from its sources as they are, in a process of its own that sees `env` alone: its folder is a new
 * one, without the `.env` that a developer may have. Whoever starts it kills it in the end.
 *
 * @param program - `cli` or `main`.
 */
export function launchProgram(
  program: 'cli' | 'main',
  args: readonly string[],
  env: Record<string, string>,
): RunningCli {
  const cwd = mkdtempSync(join(tmpdir(), 'lookalike-cwd-'));
  const child = spawn(process.execPath, [join(projectRoot, inject('programs'), `${program}.js`), ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    rmSync(cwd, { recursive: true, force: true });
  };
  return { process: child, stdout: () => stdout, stderr: () => stderr, kill, ended };
}

/** The same for the length of a test: it is killed when the running test is over, if it has not ended by then. */
export function startProgram(...program: Parameters<typeof launchProgram>): RunningCli {
  const running = launchProgram(...program);
  onTestFinished(running.kill);
  return running;
}
