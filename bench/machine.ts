import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../src/paths.js';

/** What figures depend on beside the code. */
export interface Machine {
  cpu: string;
  /** That this process may use. */
  cores: number;
  memoryGb: number;
  system: string;
  node: string;
  onnxruntime: string;
  sharp: string;
  /** Of the project; null outside of a git checkout. */
  commit: string | null;
  /** Processes that wanted a core in the last minute, before the measurement. */
  load: number;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1e9),
    system: `${platform()} ${release()}`,
    node: process.version,
    onnxruntime: versionOf('onnxruntime-node'),
    sharp: versionOf('sharp'),
    commit: commit(),
    load: Number(loadavg()[0]?.toFixed(1)),
  };
}

function versionOf(name: string): string {
  const json = readFileSync(join(projectRoot, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(json) as { version: string }).version;
}

function commit(): string | null {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: projectRoot,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}
