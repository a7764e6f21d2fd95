import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
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
  ended: Promise<Ended>;
}

/**
 * Starts one of the project's programs from its sources, in a process of its own that sees `env` alone.
 *
 * @param program - `cli` or `main`.
 */
export function startProgram(
  program: 'cli' | 'main',
  args: readonly string[],
  env: Record<string, string>,
): RunningCli {
  const child = spawn(process.execPath, ['--import', 'tsx', join(projectRoot, 'src', `${program}.ts`), ...args], {
    cwd: projectRoot,
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
  return { process: child, stdout: () => stdout, ended };
}
