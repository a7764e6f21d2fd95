import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SeededRandom } from '../demo/seeded-random.js';
import { startApp } from '../src/app.js';
import { loadConfig } from '../src/config.js';
import { makeDatabase } from '../src/db/database.js';
import { openEmbeddedPostgres } from '../src/db/embedded-postgres.js';
import { projectRoot } from '../src/paths.js';
import type { Close } from '../src/types.js';
import { createCatalog } from '../test/support/catalog-fixture.js';
import { silentLog } from '../test/support/silent-log.js';
import { drawPhotograph, integer } from './drawn-photograph.js';

/** A shop whose photographs are on a host of its own process, and a server with a model that embeds them. */
export interface BackfillShop {
  /** The files that the host has; it serves them over and over. */
  photographs: readonly Buffer[];
  imageUrls: readonly string[];
  /** Embeds all images once more. @returns Images a second, from the start of the run to its end. */
  backfill(): Promise<number>;
  close: Close;
}

export interface BackfillShopOptions {
  /** What `CLIP_MODEL` is. */
  model: string;
  images: number;
  /** Photographs that differ in what they show. */
  photographs: number;
}

const ADMIN_TOKEN = 'the-admin-token-of-the-bench';

/** Sides of a photograph in pixels, as shops have them. */
const [SHORTEST, LONGEST] = [800, 1200];

export async function openBackfillShop({
  model,
  images,
  photographs: count,
}: BackfillShopOptions): Promise<BackfillShop> {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-bench-'));
  const photographs = await drawInto(join(folder, 'photographs'), count);
  const host = await startHost(join(folder, 'photographs'));
  const imageUrls = Array.from({ length: images }, (_, index) => `${host.origin}/${index + 1}.jpg`);
  const catalogue = await openEmbeddedPostgres({ dataDir: join(folder, 'shop'), log: silentLog });
  await fill(catalogue.url, imageUrls);
  const config = loadConfig({
    DATABASE_URL: catalogue.url,
    DATA_DIR: join(folder, 'data'),
    CLIP_MODEL: model,
    IMAGE_ALLOWED_PRIVATE_HOSTS: new URL(host.origin).host,
    PORT: '0',
    ADMIN_TOKEN,
  });
  const app = await startApp(config, { log: silentLog });
  return {
    photographs,
    imageUrls,
    backfill: async () => {
      const startedMs = performance.now();
      const { startEmbeddingBackfill: started } = await asAdmin<Started>(app.url, START);
      await untilDone(app.url, started.backfill.id, images);
      return (images / (performance.now() - startedMs)) * 1000;
    },
    close: async () => {
      await app.close();
      await catalogue.close();
      await host.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const START = 'mutation { startEmbeddingBackfill(input: { scope: ALL }) { backfill { id } } }';

interface Started {
  startEmbeddingBackfill: { backfill: { id: string } };
}

/** How often it is looked whether a run has ended: far shorter than any run. */
const LOOK_MS = 50;

/** Longer than any run that is worth to be waited for. */
const LONGEST_MS = 3_600_000;

async function untilDone(url: string, id: string, images: number): Promise<void> {
  const query = `{ embeddingBackfill(id: "${id}") { state counts { embedded } } }`;
  const deadlineMs = performance.now() + LONGEST_MS;
  while (performance.now() < deadlineMs) {
    const { embeddingBackfill: run } = await asAdmin<Watched>(url, query);
    if (run.state === 'COMPLETED' && run.counts.embedded === images) return;
    if (!['PENDING', 'RUNNING'].includes(run.state)) {
      throw new Error(`The backfill is ${run.state} with ${run.counts.embedded} of ${images} images.`);
    }
    await pause(LOOK_MS);
  }
  throw new Error('The backfill takes far too long.');
}

interface Watched {
  embeddingBackfill: { state: string; counts: { embedded: number } };
}

async function asAdmin<Data>(url: string, query: string): Promise<Data> {
  const response = await fetch(`${url}graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: readonly unknown[] };
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

async function fill(url: string, imageUrls: readonly string[]): Promise<void> {
  const database = makeDatabase({ url, name: 'catalogue', maxConnections: 1, log: silentLog });
  const images = imageUrls.map((imageUrl, index) => {
    const id = String(index + 1);
    return { id, productId: id, url: imageUrl, isMain: true };
  });
  const products = images.map(({ id }) => ({ id, title: `Product ${id}` }));
  await database.transaction((tx) => createCatalog(tx, { keyType: 'integer', products, images }));
  await database.close();
}

async function drawInto(folder: string, count: number): Promise<Buffer[]> {
  const random = new SeededRandom(1);
  const side = () => integer(random, SHORTEST, LONGEST);
  await mkdir(folder);
  const drawn: Buffer[] = [];
  for (let index = 0; index < count; index += 1) {
    const photograph = await drawPhotograph(random, { width: side(), height: side() });
    await writeFile(join(folder, `${index}.jpg`), photograph);
    drawn.push(photograph);
  }
  return drawn;
}

async function startHost(folder: string): Promise<{ origin: string; close: Close }> {
  const tsx = import.meta.resolve('tsx');
  const host = fork(join(projectRoot, 'bench', 'image-host.ts'), [folder], { execArgv: ['--import', tsx] });
  const [port] = (await once(host, 'message')) as [number];
  const close = async () => {
    const closed = once(host, 'exit');
    host.disconnect();
    await closed;
  };
  return { origin: `http://127.0.0.1:${port}`, close };
}
