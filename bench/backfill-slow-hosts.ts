/**
 * How much of their throughput good image hosts keep when a fifth of the hosts is slow: `npm run bench`.
 *
 * Two backfills of the same catalogue, one after the other in each round: ten hosts that answer at once, and the same with two
 * that take two seconds an answer. Measured is how fast the images of the eight good hosts are stored. Slow hosts leave the
 * rest of the pipeline to the others, so the ratio may be above 1. The encoder is the deterministic one of the tests, so that
 * downloads and not the model set the pace: the harder case.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { loadConfig } from '../src/config.js';
import { makeDatabase } from '../src/db/database.js';
import { openEmbeddedPostgres } from '../src/db/embedded-postgres.js';
import { startApp } from '../src/app.js';
import type { Close } from '../src/types.js';
import { createCatalog } from '../test/support/catalog-fixture.js';
import { makeDeterministicEncoder } from '../test/support/deterministic-encoder.js';
import { silentLog } from '../test/support/silent-log.js';
import { testPhotograph } from '../test/support/test-photographs.js';

const ROUNDS = 3;
const HOSTS = 10;
const SLOW_HOSTS = 2;
const IMAGES = 2000;
const SLOW_ANSWER_MS = 2000;
/** As it is by default. */
const BATCH_SIZE = 100;
const ADMIN_TOKEN = 'the-admin-token-of-the-bench';

interface Hosts {
  addresses: string[];
  close: Close;
}

/** Hosts that all have every photograph; the first ones answer late. */
async function startHosts(slowHosts: number): Promise<Hosts> {
  const photographs = await Promise.all(Array.from({ length: 64 }, (_, number) => testPhotograph(number)));
  const servers = Array.from({ length: HOSTS }, (_, index) =>
    createServer((request, response) => {
      const number = Number(/\d+/.exec(request.url ?? '')?.[0]);
      const answer = () => response.end(photographs[number % photographs.length]);
      if (index < slowHosts) setTimeout(answer, SLOW_ANSWER_MS);
      else answer();
    }),
  );
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  return {
    addresses: servers.map((server) => `127.0.0.1:${(server.address() as AddressInfo).port}`),
    close: async () => {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

/** Images a second of the good hosts. */
async function measure(slowHosts: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-bench-'));
  const hosts = await startHosts(slowHosts);
  const shop = await openEmbeddedPostgres({ dataDir: join(folder, 'shop'), log: silentLog });
  const catalogue = makeDatabase({ url: shop.url, name: 'catalogue', maxConnections: 2, log: silentLog });
  const images = Array.from({ length: IMAGES }, (_, index) => ({
    id: String(index + 1),
    productId: String(index + 1),
    url: `http://${hosts.addresses[index % HOSTS] ?? ''}/${index + 1}.jpg`,
    isMain: true,
  }));
  const products = images.map(({ id }) => ({ id, title: `Product ${id}` }));
  await catalogue.transaction((tx) => createCatalog(tx, { keyType: 'integer', products, images }));
  await catalogue.close();
  const config = loadConfig({
    DATABASE_URL: shop.url,
    DATA_DIR: join(folder, 'data'),
    IMAGE_ALLOWED_PRIVATE_HOSTS: hosts.addresses.join(','),
    PORT: '0',
    ADMIN_TOKEN,
  });
  const app = await startApp(config, { encoder: makeDeterministicEncoder(), log: silentLog });
  try {
    return await throughputOf(app.url, join(folder, 'data'), hosts.addresses.slice(0, SLOW_HOSTS));
  } finally {
    await app.close();
    await shop.close();
    await hosts.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function throughputOf(url: string, dataDir: string, slowAddresses: readonly string[]): Promise<number> {
  const vectors = await openEmbeddedPostgres({ dataDir, log: silentLog, whenLocked: 'join' });
  const database = makeDatabase({ url: vectors.url, name: 'vector', maxConnections: 1, log: silentLog });
  const good = (IMAGES * (HOSTS - SLOW_HOSTS)) / HOSTS;
  const startedMs = performance.now();
  await fetch(`${url}graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` },
    body: JSON.stringify({ query: 'mutation { startEmbeddingBackfill { backfill { id } } }' }),
  });
  // All but what may be in a batch that is not full yet.
  const enough = good - BATCH_SIZE;
  for (let stored = 0; stored < enough;) {
    await pause(50);
    const [row] = await database.query<{ count: number }>(
      `select count(*)::int as count from image_embeddings
       where not exists (select from unnest($1::text[]) as slow (host) where image_url like 'http://' || slow.host || '/%')`,
      [slowAddresses],
    );
    stored = row?.count ?? 0;
  }
  const perSecond = enough / ((performance.now() - startedMs) / 1000);
  await database.close();
  return perSecond;
}

const ratios: number[] = [];
for (let round = 1; round <= ROUNDS; round += 1) {
  const plain = await measure(0);
  const slowed = await measure(SLOW_HOSTS);
  ratios.push(slowed / plain);
  console.log(
    `round ${round}: ${plain.toFixed(0)} images/s with good hosts alone, ${slowed.toFixed(0)} beside slow ones: ` +
      `ratio ${(slowed / plain).toFixed(2)}`,
  );
}
const median = ratios.toSorted((one, other) => one - other)[Math.floor(ROUNDS / 2)] ?? NaN;
console.log(`The good hosts keep ${Math.round(median * 100)} % of their throughput (median of ${ROUNDS} rounds).`);
