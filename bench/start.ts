/**
 * How long a start takes until a search by words is answered: `npm run bench -- start`.
 *
 *   --rounds 5
 *   --data-dir <folder>   of a demo that is embedded already, whose server does not run
 *
 * The demo with the model that comes with the project, all of it embedded at an earlier start. From the moment at which the process
 * is started; the server is asked again and again from then on.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundlePrograms } from '../scripts/bundle-programs.js';
import { projectRoot } from '../src/paths.js';
import { freePort } from '../test/support/free-port.js';
import { launchServer } from '../test/support/server-process.js';
import { until } from '../test/support/until.js';
import { report } from './report.js';
import { spreadOf } from './side-by-side.js';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, 'data-dir': { type: 'string' } },
});

/** The demo is drawn and embedded, on cores that others may need too. */
const EMBEDDING_MS = 600_000;

/** Far longer than any start. */
const ANSWER_MS = 120_000;

const programs = `dist-bench-${process.pid}`;
const folder = await mkdtemp(join(tmpdir(), 'lookalike-bench-'));
const dataDir = values['data-dir'] ?? join(folder, 'data');
await bundlePrograms(programs);
const port = await freePort();
const launch = () => launchServer(join(projectRoot, programs, 'main.js'), { DATA_DIR: dataDir, PORT: String(port) });
try {
  if (values['data-dir'] === undefined) {
    const first = launch();
    await first.logged('backfill done', EMBEDDING_MS);
    await stop(first);
  }
  const rounds = Number(values.rounds);
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round += 1) seconds.push(await secondsToFirstAnswer());
  await report('start', rounds, [
    {
      what: 'from the start of the process to the first answer',
      value: spreadOf(seconds),
      unit: 's',
      goal: { atMost: 3 },
    },
  ]);
} finally {
  await rm(join(projectRoot, programs), { recursive: true });
  await rm(folder, { recursive: true });
}

async function secondsToFirstAnswer(): Promise<number> {
  const startedMs = performance.now();
  const server = launch();
  await until('a search is answered', isAnswered, ANSWER_MS);
  const seconds = (performance.now() - startedMs) / 1000;
  await stop(server);
  return seconds;
}

async function isAnswered(): Promise<boolean> {
  const query = '{ searchProducts(input: { text: "red mug" }, limit: 5) { nodes { id } } }';
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  }).catch(() => null);
  return (await response?.text())?.includes('"id"') ?? false;
}

async function stop(server: ReturnType<typeof launch>): Promise<void> {
  server.process.kill('SIGTERM');
  await server.ended;
  await server.kill();
}
