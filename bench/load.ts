/**
 * What a server does under load: `npm run bench -- load [--seconds 8] [--rounds 3] [--seed 1]`.
 *
 * One server in a process of its own, with the demo in it. First what it still serves when three times as much is asked for as it
 * can do; what it can do is measured in the same process just before, in each round anew, by asking in lanes. Then how long answers
 * take at a fixed rate, a quarter of what it can do, without and with a backfill beside. Photographs that are sent all differ, and
 * are 1024 x 768. The server has all cores but one, which whoever asks has.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { SeededRandom } from '../demo/seeded-random.js';
import { bundlePrograms } from '../scripts/bundle-programs.js';
import { projectRoot } from '../src/paths.js';
import { leavingOneCore } from '../test/support/pinned-cores.js';
import { ADMIN_TOKEN, launchServer } from '../test/support/server-process.js';
import { failures, measureOverload, type Overload, type Timed } from './load-generator.js';
import { KINDS, LoadRequests, type Kind } from './load-requests.js';
import { quantile } from './quantile.js';

const MIXES: Record<string, readonly [Kind, ...Kind[]]> = {
  photographs: ['photograph'],
  words: ['words'],
  products: ['product'],
  'all three in turn': KINDS,
};

/** A quarter of what it can do is what a server is planned for. */
const USUAL_SHARE = 1 / 4;

const CONNECTIONS = 4;

/** The demo is drawn and embedded, on cores that others may need too. */
const EMBEDDING_MS = 600_000;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
  },
});
const seconds = Number(values.seconds);

const programs = `dist-bench-${process.pid}`;
const folder = await mkdtemp(join(tmpdir(), 'lookalike-load-'));
await bundlePrograms(programs);
const server = launchServer(
  join(projectRoot, programs, 'main.js'),
  { DATA_DIR: join(folder, 'data') },
  leavingOneCore(),
);
try {
  const url = await server.ready();
  await server.logged('backfill done', EMBEDDING_MS);
  const requests = await LoadRequests.make(url, { products: 300, random: new SeededRandom(Number(values.seed)) });
  let ablePerSecond = 0;
  for (const [name, kinds] of Object.entries(MIXES)) {
    const found = await measureOverload(requests.inTurn(kinds), { rounds: Number(values.rounds), ms: seconds * 1000 });
    tellOverload(name, found);
    ablePerSecond = found.ablePerSecond;
  }
  const rate = Math.max(CONNECTIONS, Math.round(ablePerSecond * USUAL_SHARE));
  await tellLatency('alone', { url, requests, rate });
  await startBackfill(url);
  await tellLatency('beside a backfill', { url, requests, rate });
  await requests.close();
} finally {
  await server.kill();
  await rm(join(projectRoot, programs), { recursive: true });
  await rm(folder, { recursive: true });
}

function tellOverload(name: string, { ablePerSecond, offeredPerSecond, ratios, results }: Overload): void {
  const shares = ratios.map((ratio) => `${Math.round(ratio * 100)} %`).join(', ');
  console.log(
    `${name}: ${ablePerSecond.toFixed(1)} a second at most. Of ${offeredPerSecond.toFixed(1)} a second it served ` +
      `${shares} of that; median ${Math.round(quantile(ratios, 0.5) * 100)} %.`,
  );
  const failed = Object.entries(failures(results)).map(([why, count]) => `${count} ${why}`);
  console.log(`  served: ${timesOf(results, 'served')}. refused: ${timesOf(results, 'refused')}.`);
  console.log(`  failed: ${failed.join(', ') || 'none'}.`);
}

function timesOf(results: readonly Timed[], kind: Timed['kind']): string {
  const times = results.filter((result) => result.kind === kind).map((result) => result.ms);
  const ascending = times.toSorted((one, other) => one - other);
  const [median = 0, p99 = 0] = [0.5, 0.99].map((share) => Math.round(quantile(ascending, share)));
  return times.length === 0 ? 'none' : `${times.length} (median ${median} ms, p99 ${p99} ms)`;
}

interface Steady {
  url: string;
  requests: LoadRequests;
  /** Requests a second. */
  rate: number;
}

async function tellLatency(where: string, { url, requests, rate }: Steady): Promise<void> {
  const result = await autocannon({
    url: `${url}graphql`,
    connections: CONNECTIONS,
    overallRate: rate,
    duration: seconds,
    requests: KINDS.map((kind) => ({
      method: 'POST' as const,
      setupRequest: (request: autocannon.Request) => ({ ...request, ...requests.next(kind) }),
    })),
  });
  const { p50, p99, max } = result.latency;
  console.log(
    `${rate} a second of all three ${where}: median ${p50} ms, p99 ${p99} ms, slowest ${max} ms; ` +
      `${result['2xx']} answered, ${result.non2xx + result.errors} not.`,
  );
}

async function startBackfill(url: string): Promise<void> {
  const query = 'mutation { startEmbeddingBackfill(input: { scope: ALL }) { userErrors { message } } }';
  const response = await fetch(`${url}graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` },
    body: JSON.stringify({ query }),
  });
  const answer = await response.text();
  if (!answer.includes('"userErrors":[]')) throw new Error(`The backfill was not started: ${answer}`);
}
