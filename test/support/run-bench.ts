import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Figure } from '../../bench/report.js';
import { projectRoot } from '../../src/paths.js';

const run = promisify(execFile);

/** What a measurement has printed, and what it has written beside it. */
export interface BenchRun {
  stdout: string;
  reports: { bench: string; rounds: number; machine: Record<string, unknown>; figures: Figure[] }[];
}

/** Runs a measurement, so small that its figures mean nothing. */
export async function runBench(
  name: string,
  args: readonly string[],
  reports: readonly string[] = [],
): Promise<BenchRun> {
  const tsx = import.meta.resolve('tsx');
  const results = await mkdtemp(join(tmpdir(), 'lookalike-bench-results-'));
  try {
    const command = ['--import', tsx, join('bench', 'run-bench.ts'), name, ...args];
    const env = { PATH: process.env.PATH, BENCH_RESULTS: results };
    const { stdout } = await run(process.execPath, command, { cwd: projectRoot, env });
    const files = await Promise.all(reports.map((report) => readFile(join(results, `${report}.json`), 'utf8')));
    return { stdout, reports: files.map((file) => JSON.parse(file) as BenchRun['reports'][number]) };
  } finally {
    await rm(results, { recursive: true });
  }
}
