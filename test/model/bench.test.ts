import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { projectRoot } from '../../src/paths.js';

const run = promisify(execFile);

/** Runs a measurement so small that its figures mean nothing. */
async function bench(...args: string[]): Promise<string> {
  const tsx = import.meta.resolve('tsx');
  const { stdout } = await run(process.execPath, ['--import', tsx, join('bench', 'run-bench.ts'), ...args], {
    cwd: projectRoot,
    env: { PATH: process.env.PATH },
  });
  return stdout;
}

it('still measures recall, without and with filters, for both kinds of index', async () => {
  const stdout = await bench('recall', '--rows', '1200', '--dimensions', '16', '--queries', '3', '--k', '5');
  expect(stdout).toMatch(/^1200 images, 16 numbers each, 3 queries, embedded Postgres\n/);
  for (const parameter of ['hnsw.ef_search', 'ivfflat.probes']) {
    expect(stdout).toMatch(
      new RegExp(`^${parameter} +recall@5 +time, of exact\\n(\\d+ +[01]\\.\\d{4} +\\d+\\.\\d{3}\\n){5,}`, 'm'),
    );
    expect(stdout).toMatch(new RegExp(`^with a filter, ${parameter} \\d+\\nproducts matching +recall@5 +`, 'm'));
  }
  expect(stdout.match(/^[\d.]+ % \(\d+\) +[01]\.\d{4} +[\d.]+ +[\d.]+$/gm)).toHaveLength(8);
});

it('still measures how fast models are, each beside the first', async () => {
  const stdout = await bench('model-speed', '--pictures', '8', '--rounds', '1');
  expect(stdout).toMatch(/^model +pictures\/s on one thread +of the first\ntiny-clip +\d+\.\d +1\.000\n$/);
});

it('says which measurements there are', async () => {
  const asked = bench('speed');
  await expect(asked).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(
      'There is no bench "speed". There are: backfill-slow-hosts, recall, duplicate-thresholds, model-speed, load.',
    ) as unknown,
  });
});
