import { expect, it } from 'vitest';
import { runBench } from '../support/run-bench.js';

/** Databases are made, and a server is started, on cores that others may need too. */
const BACKFILL_MS = 120_000;

/** Figures that are numbers, whatever they are. */
const measured = (what: string) => ({
  what,
  value: {
    median: expect.any(Number) as unknown,
    least: expect.any(Number) as unknown,
    most: expect.any(Number) as unknown,
  },
});

it('still measures recall, without and with filters, for both kinds of index', async () => {
  const { stdout } = await runBench('recall', ['--rows', '1200', '--dimensions', '16', '--queries', '3', '--k', '5']);
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
  const { stdout } = await runBench('model-speed', ['--pictures', '8', '--rounds', '1']);
  expect(stdout).toMatch(/^model +pictures\/s on one thread +of the first\ntiny-clip +\d+\.\d +1\.000\n$/);
});

it('still measures preprocessing beside that of transformers.js', async () => {
  const { reports, stdout } = await runBench(
    'preprocessing',
    ['--rounds', '1', '--pictures', '2', '--sizes', '40x30,1200x900'],
    ['preprocessing'],
  );
  expect(reports).toMatchObject([
    {
      rounds: 1,
      machine: { node: process.version, cores: expect.any(Number) as unknown },
      figures: [
        { ...measured('40x30: Lookalike / transformers.js'), goal: { atMost: 0.45 } },
        { ...measured('1200x900: Lookalike / transformers.js'), goal: { atMost: 0.2 } },
      ],
    },
  ]);
  expect(stdout).toMatch(/^what +median +least +most +unit +goal +holds +beside\n40x30: Lookalike/m);
});

it('still measures backfills beside the bare model and a plain loop', { timeout: BACKFILL_MS }, async () => {
  const { reports } = await runBench(
    'backfill',
    ['--model', 'tiny', '--images', '6', '--photographs', '2', '--rounds', '1'],
    ['backfill-tiny'],
  );
  expect(reports).toMatchObject([
    {
      figures: [
        measured('tiny-clip: backfill / least of bare model and sharp'),
        measured('tiny-clip: backfill / one by one in transformers.js'),
      ],
    },
  ]);
});

it('still measures how search grows with the catalogue', async () => {
  const small = ['--rows', '1100', '--dimensions', '16', '--searches', '3', '--rounds', '1'];
  const { reports } = await runBench('scale', small, ['scale']);
  expect(reports[0]?.figures.map(({ what }) => what)).toEqual([
    'search, 1100 rows, embedded',
    'building the index, 1100 rows, embedded',
    'table and index a row / 2048 bytes, 1100 rows, embedded',
    'search: 1100 rows / 1100 rows',
  ]);
});

it('says which measurements there are', async () => {
  const asked = runBench('speed', []);
  await expect(asked).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(
      'There is no bench "speed". There are: backfill-slow-hosts, recall, duplicate-thresholds, model-speed, load, preprocessing, backfill, scale, start.',
    ) as unknown,
  });
});
