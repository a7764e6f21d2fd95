import { join } from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { failures, keepAsking, measureOverload, offer } from '../../bench/load-generator.js';
import { KINDS, LoadRequests } from '../../bench/load-requests.js';
import { quantile } from '../../bench/quantile.js';
import { SeededRandom } from '../../demo/seeded-random.js';
import { projectRoot } from '../../src/paths.js';
import { hardenSeed, scale } from '../support/harden-scale.js';
import { leavingOneCore } from '../support/pinned-cores.js';
import { launchServer, type ServerProcess } from '../support/server-process.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';

const PRODUCTS = 12;

describe('more operations at once than there is room for', () => {
  const REQUESTS = 200;
  const BURSTS = scale(1, 10);
  let shop: TestShop;
  let requests: LoadRequests;

  beforeAll(async () => {
    shop = await startTestShop({ products: PRODUCTS, env: { MAX_OPERATIONS: '2' } });
    await shop.backfill();
    const random = new SeededRandom(hardenSeed());
    // However busy the machine is: an answer is an answer.
    requests = await LoadRequests.make(shop.app.url, { products: PRODUCTS, random, patienceMs: 100_000 });
  });

  afterAll(async () => {
    await requests.close();
    await shop.close();
  });

  it('are answered or refused with how long to wait, and what comes afterwards is answered', async () => {
    const ask = requests.inTurn(KINDS);
    for (let burst = 0; burst < BURSTS; burst += 1) {
      // All of a sudden, so that most find no room however fast the machine is.
      const results = await offer(ask, { perSecond: REQUESTS * 10, ms: 100 });
      expect(failures(results)).toEqual({});
      expect(results).toHaveLength(REQUESTS);
      const refused = results.filter(({ kind }) => kind === 'refused');
      expect(refused).not.toEqual([]);
      expect(refused).not.toHaveLength(REQUESTS);
      const afterwards = await keepAsking(ask, { lanes: 1, ms: 200 });
      expect(afterwards.filter(({ kind }) => kind !== 'served')).toEqual([]);
    }
  });
});

describe.runIf(scale(0, 1) > 0)('three times as much as a server can do', () => {
  /** Of what it can do. */
  const LEAST_SERVED = 0.8;
  const [ROUNDS, ROUND_MS, DEMO_PRODUCTS] = [5, 6000, 300];
  /** The demo is drawn and embedded, on cores that others may need too. */
  const EMBEDDING_MS = 600_000;
  let folder: string;
  let server: ServerProcess;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lookalike-load-'));
    const program = join(projectRoot, inject('programs'), 'main.js');
    server = launchServer(program, { DATA_DIR: join(folder, 'data') }, leavingOneCore());
    await server.logged('backfill done', EMBEDDING_MS);
  });

  afterAll(async () => {
    await server.kill();
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    { what: 'photographs', kinds: ['photograph'] as const },
    { what: 'words', kinds: ['words'] as const },
    { what: 'products', kinds: ['product'] as const },
    { what: 'all in turn', kinds: KINDS },
  ])('is answered as far as it can be, and refused beyond that: $what', async ({ kinds }) => {
    const random = new SeededRandom(hardenSeed());
    const requests = await LoadRequests.make(await server.ready(), { products: DEMO_PRODUCTS, random });
    const found = await measureOverload(requests.inTurn(kinds), { rounds: ROUNDS, ms: ROUND_MS });
    process.stdout.write(`${found.ablePerSecond.toFixed(1)} a second, ratios ${found.ratios.join(' ')}\n`);
    expect(failures(found.results)).toEqual({});
    expect(found.results.some(({ kind }) => kind === 'refused')).toBe(true);
    expect(quantile(found.ratios, 0.5)).toBeGreaterThanOrEqual(LEAST_SERVED);
    const afterwards = await keepAsking(requests.inTurn(kinds), { lanes: 4, ms: 1000 });
    expect(afterwards.filter(({ kind }) => kind !== 'served')).toEqual([]);
    await requests.close();
  });
});
