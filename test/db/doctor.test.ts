import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openEmbeddedPostgres } from '../../src/db/embedded-postgres.js';
import type { Area } from '../../src/doctor/areas.js';
import { diagnose } from '../../src/doctor/diagnose.js';
import { createCatalog } from '../support/catalog-fixture.js';
import { startEmptyTestDatabase, startTestDatabase, type TestDatabase } from '../support/database.js';
import { freePort } from '../support/free-port.js';
import { photograph, redirect, startImageHost, status, type ImageHost } from '../support/image-host.js';
import { silentLog } from '../support/silent-log.js';
import { testPhotograph } from '../support/test-photographs.js';

let folder: string;
let catalogue: TestDatabase;
let vectors: TestDatabase;
let host: ImageHost;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-doctor-'));
  [catalogue, vectors, host] = await Promise.all([startEmptyTestDatabase(), startTestDatabase(), startImageHost()]);
  host.on('/1.jpg', photograph(await testPhotograph(1)));
  host.on('/2.jpg', status(403));
});

afterAll(async () => {
  await Promise.all([catalogue.close(), vectors.close(), host.close()]);
  await rm(folder, { recursive: true, force: true });
});

/** Everything but the databases is set so that it is as it should be. */
const settings = (): Record<string, string> => ({
  DATABASE_URL: catalogue.url,
  VECTOR_DATABASE_URL: vectors.url,
  DATA_DIR: join(folder, 'data'),
  CLIP_MODEL: 'tiny-clip',
  CLIP_THREADS: '1',
  PORT: '0',
});

/** What is found in an area, a line each. */
async function lines(area: Area, env: Record<string, string>, timeLimitMs?: number): Promise<string[]> {
  const found: string[] = [];
  const options = { env, folder, areas: [area], ...(timeLimitMs !== undefined && { timeLimitMs }) };
  for await (const section of diagnose(options)) {
    found.push(...section.findings.map(({ status: how, what, fix }) => [how, what, fix].filter(Boolean).join(' | ')));
  }
  return found;
}

async function fillCatalogue(images: readonly string[]): Promise<void> {
  await catalogue.database.transaction(async (tx) => {
    await tx.query('set transaction read write');
    await tx.query('drop schema public cascade');
    await createCatalog(tx, {
      keyType: 'integer',
      products: images.map((_, index) => ({ id: String(index + 1), title: 'Mug' })),
      images: images.map((url, index) => ({ id: String(index + 1), productId: String(index + 1), url, isMain: true })),
    });
  });
}

describe('a shop', () => {
  beforeEach(async () => {
    await fillCatalogue([`${host.origin}/1.jpg`, `${host.origin}/2.jpg`, 'lamp.jpg']);
  });

  test('is told which tables and columns are read, and how much is in them', async () => {
    const env = { ...settings(), CATALOG_FILTERS: 'maker=brand', CATALOG_COLUMNS: 'image_url=image_url' };
    expect(await lines('catalogue', env)).toEqual([
      expect.stringMatching(/^ok \| Postgres [\d.]+.* answers; the database is /),
      'ok | Products are read from public.products: id=id, title=title, description=description, category=category, ' +
        'brand=brand, price=price, currency=currency, url=url, in_stock=in_stock.',
      'ok | Images are read from public.product_images: image_id=id, image_product_id=product_id, image_url=image_url, ' +
        'image_is_main=is_main_image, image_position=position, image_updated_at=updated_at.',
      'ok | Searches can be filtered by maker from brand (words) (CATALOG_FILTERS).',
      'ok | It has 3 products and 3 images, 3 of which are to be embedded (BACKFILL_IMAGES=main).',
    ]);
  });

  test('is told what its catalogue lacks, and the rest is looked at all the same', async () => {
    const env = { ...settings(), CATALOG_PRODUCTS: 'wares', CATALOG_COLUMNS: 'image_url=picture' };
    const found = new Map<Area, string[]>();
    for await (const { area, findings } of diagnose({ env, folder }))
      found.set(
        area,
        findings.map((one) => one.status),
      );
    expect(await lines('catalogue', env)).toEqual([
      expect.stringMatching(/^ok/),
      'fault | There is no table or view `wares` that the database user may read. Found: public.product_images, public.products. | ' +
        'Set CATALOG_PRODUCTS to the table or view of products.',
      expect.stringContaining(
        'fault | `product_images` has no column `picture`, which CATALOG_COLUMNS names for image_url.',
      ),
    ]);
    expect(found.get('images')).toEqual(['warning']);
    expect(found.get('vectors')).not.toContain('fault');
    expect(found.get('model')).toEqual(['ok', 'ok']);
  });

  test('is told which hosts give no pictures, and why', async () => {
    expect(await lines('images', settings())).toEqual([
      expect.stringMatching(
        /^fault \| 127.0.0.1:\d+: 0 of 2 addresses gave a picture\. .* \| .*IMAGE_ALLOWED_PRIVATE_HOSTS/,
      ),
      expect.stringMatching(/^fault \| Relative addresses: 0 of 1 .* \| Set IMAGE_BASE_URL .* or IMAGE_ROOT/),
    ]);
    const env = { ...settings(), IMAGE_ALLOWED_PRIVATE_HOSTS: host.host, IMAGE_ROOT: join(folder, 'nowhere') };
    expect(await lines('images', { ...env, IMAGE_ROOT: folder })).toEqual([
      'ok | The folder of pictures is there (IMAGE_ROOT).',
      expect.stringMatching(/^warning \| 127.0.0.1:\d+: 1 of 2 .* answers with status 403\. \| Let the machines/),
      expect.stringMatching(/^fault \| Relative addresses: 0 of 1 /),
    ]);
    expect(await lines('images', env)).toEqual([
      'fault | IMAGE_ROOT is no folder of this machine. | Set IMAGE_ROOT to the folder that relative image URLs are below.',
    ]);
  });

  test('with an empty catalogue is warned', async () => {
    await fillCatalogue([]);
    expect((await lines('catalogue', settings())).at(-1)).toBe(
      'warning | The catalogue has no product, so nothing can be found. | Check CATALOG_PRODUCTS and CATALOG_IMAGES.',
    );
  });
});

describe('the vector database', () => {
  test('is as it should be', async () => {
    expect(await lines('vectors', settings())).toEqual([
      expect.stringMatching(/^ok \| Postgres [\d.]+.* answers\.$/),
      expect.stringMatching(/^ok \| pgvector [\d.]+ is there\.$/),
      'ok | This user may make tables and schemas.',
      'ok | Its tables are up to date.',
      'ok | No model answers searches yet: the first start makes that of CLIP_MODEL do so.',
    ]);
  });

  test('has a model that answers searches, with or without embeddings', async () => {
    const { database } = vectors;
    await database.query(`insert into embedding_models (name, dimensions, is_active) values ('tiny-clip', 512, true)`);
    expect((await lines('vectors', settings())).at(-1)).toBe(
      'warning | The model tiny-clip (512 numbers) answers searches, and has embedded nothing yet. | ' +
        'Run `lookalike backfill`, or start one as an admin.',
    );
    expect(await lines('model', settings())).toEqual([
      'ok | The model tiny-clip is there and loads.',
      expect.stringMatching(/^ok \| It tells pictures apart: 512 numbers/),
    ]);
    await database.query(`update embedding_models set dimensions = 768`);
    expect((await lines('model', settings())).at(-1)).toMatch(
      /^fault \| It makes 512 numbers .* embeddings have 768: /,
    );
    await database.query('delete from embedding_models');
  });

  test('that was not migrated is a fault, unless the start does so', async () => {
    const env = { ...settings(), VECTOR_DATABASE_URL: catalogue.url };
    const told = await lines('vectors', env);
    expect(told.at(-1)).toMatch(/^fault \| It is not up to date: 0001-.* to come\. \| Run `lookalike migrate`/);
    expect((await lines('vectors', { ...env, MIGRATE_ON_START: 'true' })).at(-1)).toMatch(/^ok \| .*next start/);
  });

  test('that is not there, or does not answer, is a fault that has no secret in it', async () => {
    const nobody = `postgresql://me:hunter2hunter2@127.0.0.1:${await freePort()}/vectors`;
    const [refused = ''] = await lines('vectors', { ...settings(), VECTOR_DATABASE_URL: nobody });
    expect(refused).toMatch(/^fault \| The vector database can't be reached \(ECONNREFUSED\)\. \| Check that it runs/);
    expect(refused).not.toContain('hunter2');

    const silent = await listening(createServer(() => undefined));
    const env = { ...settings(), VECTOR_DATABASE_URL: `postgresql://me@127.0.0.1:${silent}/vectors` };
    expect(await lines('vectors', env, 300)).toEqual([
      'fault | There was no answer within 300 ms. | Check VECTOR_DATABASE_URL and the server it leads to.',
    ]);
  });

  test('is not looked at where its address can not be one', async () => {
    expect(await lines('vectors', { ...settings(), VECTOR_DATABASE_URL: 'mysql://me:hunter2@db/x' })).toEqual([
      "warning | It was not looked at, for VECTOR_DATABASE_URL can't be used. | Mend VECTOR_DATABASE_URL first.",
    ]);
  });
});

test('a model that is not here yet is asked for at the hub, and not downloaded', async () => {
  const file = '/Xenova/clip-vit-base-patch32/resolve/main/config.json';
  const env = { ...settings(), CLIP_MODEL: 'clip-ViT-B-32', HF_ENDPOINT: host.origin, HF_TOKEN: 'hf_hunter2' };
  expect(await lines('model', env)).toEqual([
    `fault | The model clip-ViT-B-32 is not here, and ${host.host} answers 404. | Check CLIP_MODEL, set HF_TOKEN to a token that ` +
      'may read it, or set HF_ENDPOINT to a mirror.',
  ]);
  host.on(file, redirect('https://elsewhere.example/config.json', 307));
  expect(await lines('model', env)).toEqual([
    `ok | The model clip-ViT-B-32 is not here yet; ${host.host} has it, and the first start downloads it.`,
  ]);
  expect(host.requests.at(-1)).toMatchObject({ url: file, headers: { authorization: 'Bearer hf_hunter2' } });
  const nobody = `http://127.0.0.1:${await freePort()}`;
  expect(await lines('model', { ...env, HF_ENDPOINT: nobody })).toEqual([
    expect.stringMatching(
      /^fault \| The model clip-ViT-B-32 is not here, and .* does not answer\. \| Check the connection/,
    ),
  ]);
  expect(await lines('model', { ...env, HF_HUB_OFFLINE: 'true' })).toEqual([
    'fault | The model "clip-ViT-B-32" is not downloaded yet and HF_HUB_OFFLINE is true. | Start once without it, or copy the model ' +
      'into CLIP_CACHE_DIR.',
  ]);
});

test('the embedded database is asked while a server has it open', { timeout: 90_000 }, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'lookalike-doctor-demo-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  expect(await lines('vectors', { DATA_DIR: dataDir, PORT: '0' })).toEqual([
    'ok | The embedded database is made in DATA_DIR at the first start.',
  ]);
  const server = await openEmbeddedPostgres({ dataDir, log: silentLog });
  onTestFinished(() => server.close());
  expect(await lines('vectors', { DATA_DIR: dataDir, PORT: '0' })).toEqual([
    expect.stringMatching(/^ok \| The embedded Postgres .* a running Lookalike process has it open, and was asked\.$/),
    expect.stringMatching(/^ok \| pgvector .* can be added; migrations do so\.$/),
    expect.stringMatching(/^ok \| It is not up to date: .* The next start brings it up to date\.$/),
  ]);
});

test('a port that another program has is told of', async () => {
  const port = await listening(createServer((socket) => socket.end('hello')));
  expect(await lines('ports', { ...settings(), PORT: String(port) })).toEqual([
    `warning | Port ${port} of 127.0.0.1 (PORT) is in use by another program. | Stop it, or set PORT to a free one.`,
  ]);
  expect(await lines('ports', { ...settings(), HOST: '192.0.2.1', PORT: String(port) })).toEqual([
    'fault | 192.0.2.1 is no address of this machine (HOST). | Set HOST=0.0.0.0, or 127.0.0.1 behind a proxy.',
  ]);
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
