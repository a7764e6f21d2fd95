import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Closers } from '../../src/closers.js';
import { loadConfig } from '../../src/config.js';
import { startCore, type Core } from '../../src/core.js';
import { makeDatabase, type Database } from '../../src/db/database.js';
import { requeueLapsedJobs } from '../../src/jobs/claim-job.js';
import { chunksBetween } from '../../src/services/backfill-chunks.js';
import type { BackfillRun } from '../../src/services/backfill-run.js';
import { startRun } from '../../src/services/start-run.js';
import type { EmbeddingRow } from '../../src/services/vector/embedding-row.js';
import type { Close } from '../../src/types.js';
import { createCatalog } from './catalog-fixture.js';
import { serveDatabases } from './chaos-databases.js';
import { knownPhotograph } from './chaos-photographs.js';
import type { DatabaseTemplates } from './database-template.js';
import { makeDeterministicEncoder } from './deterministic-encoder.js';
import { silentLog } from './silent-log.js';

/** What a shop has before a run: image `7` is the main one of product `7`, and its URL is `7.jpg`. */
export interface Stock {
  /** Numbers of the images in the catalogue. */
  images: readonly number[];
  /** Of these, those that are embedded already. */
  already: readonly number[];
  /** Of these, those whose photograph the host does not have. */
  broken: readonly number[];
  /** Numbers of images that are embedded, and not in the catalogue. */
  gone: readonly number[];
  /** What the catalogue has as the URL of an image, where it is not `<number>.jpg`. */
  urlOf?: (number: number) => string;
  /** The photographs, by their numbers, that an image's URL may lead to, where it is not its own. */
  photographsOf?: (number: number) => readonly number[];
}

/** Many images, of which some need no work, some can't be had, and some are no longer in the catalogue. */
export function stockOf(count: number, special: Partial<Stock> = {}): Stock {
  return { images: numbersTo(count), already: [2, 11], broken: [5], gone: [71, 72], ...special };
}

export const numbersTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

export const ownUrl = (number: number): string => `${number}.jpg`;

/** Two databases and what a server has of the product, without workers: those are processes of their own. */
export class ChaosShop {
  stock: Stock = { images: [], already: [], broken: [], gone: [] };

  private constructor(
    readonly core: Core,
    /** The catalogue, as its owner has it. */
    private readonly catalogue: Database,
    readonly urls: { vectors: string; catalogue: string },
    /** Has a letter for each image that any encoder has finished. */
    readonly encodedFile: string,
    readonly close: Close,
  ) {}

  static async start(templates: DatabaseTemplates): Promise<ChaosShop> {
    const closers = new Closers(silentLog);
    const folder = mkdtempSync(join(tmpdir(), 'lookalike-chaos-shop-'));
    closers.push('folder', async () => rmSync(folder, { recursive: true, force: true }));
    const served = await serveDatabases(templates);
    for (const [name, { close }] of Object.entries(served)) closers.push(name, close);
    const urls = { vectors: served.vectors.url, catalogue: served.catalogue.url };
    const catalogue = makeDatabase({ url: urls.catalogue, name: 'catalogue', maxConnections: 2, log: silentLog });
    closers.push('catalogue', () => catalogue.close());
    await createCatalog(catalogue, { keyType: 'integer', products: [], images: [] });
    const core = await startServerCore(urls, { folder, closers });
    return new ChaosShop(core, catalogue, urls, join(folder, 'encoded'), () => closers.closeAll());
  }

  /** Empties everything and fills it anew. No worker may be at it. */
  async fill(stock: Stock): Promise<void> {
    this.stock = stock;
    writeFileSync(this.encodedFile, '');
    const { database, embeddings } = this.core.stores;
    const { model } = await this.core.pool.load(this.core.configured);
    await database.query(
      'truncate embedding_models, image_embeddings, embedding_backfills, embedding_failures, lookalike_queue.job cascade',
    );
    await this.changeCatalogue('truncate products, product_images');
    await this.addToCatalogue(stock.images);
    await embeddings.ensureModel(model);
    const rows = await Promise.all([...stock.already, ...stock.gone].map(embeddingOf));
    await embeddings.upsert(model, rows);
  }

  addToCatalogue(numbers: readonly number[]): Promise<void> {
    const { urlOf = ownUrl } = this.stock;
    return this.changeCatalogue(
      `with added as (insert into products (id) select unnest($1::int[]))
       insert into product_images (id, product_id, image_url, is_main_image)
       select id, id, url, true from unnest($1::int[], $2::text[]) as image (id, url)`,
      [numbers, numbers.map(urlOf)],
    );
  }

  /** The product's own connections to the catalogue are read only, and the embedded Postgres has one session for all. */
  async changeCatalogue(sql: string, values: readonly unknown[] = []): Promise<void> {
    await this.catalogue.transaction(async (tx) => {
      await tx.query('set transaction read write');
      await tx.query(sql, values);
    });
  }

  /** Starts a run. @param chunkSize - images a chunk, cut at once; null leaves that to the workers. */
  async startRun(chunkSize: number | null): Promise<string> {
    if (chunkSize !== null) return this.startPlannedRun(chunkSize);
    const backfills = this.core.makeBackfills(() => undefined);
    const start = await backfills.start({ model: null, scope: 'MISSING', productIds: null });
    if (start.kind !== 'started') throw new Error(`The run did not start: ${start.kind}.`);
    return start.run.id;
  }

  private async startPlannedRun(chunkSize: number): Promise<string> {
    const { catalog, stores } = this.core;
    const ends = await catalog.chunkEnds('main', chunkSize);
    const run = {
      model: this.core.configured.name,
      scope: 'MISSING',
      imageScope: 'main',
      total: this.stock.images.length,
    } as const;
    const start = await startRun(stores, run, chunksBetween(ends));
    if (start.kind !== 'started') throw new Error('There is an active run.');
    return start.run.id;
  }

  async run(id: string): Promise<BackfillRun> {
    const run = await this.core.stores.runs.find(id);
    if (run === null) throw new Error('The run is gone.');
    return run;
  }

  /** Lets the leases of these workers run out. @param requeues - also does what every other worker does every few seconds. */
  async expireLeases(workerIds: readonly string[], requeues: boolean): Promise<void> {
    await this.core.stores.database.query(
      'update embedding_backfill_jobs set lease_expires_at = now() where worker_id = any($1::uuid[])',
      [workerIds],
    );
    if (requeues) await requeueLapsedJobs(await this.core.partsOf(this.core.configured));
  }

  /** Whether there is a job that no worker has. */
  async hasFreeJob(): Promise<boolean> {
    const free = await this.core.stores.database.query(
      `select 1 from embedding_backfill_jobs where finished_at is null and worker_id is null limit 1`,
    );
    return free.length > 0;
  }

  /** The same of all workers. */
  async expireAllLeases(): Promise<void> {
    const held = await this.core.stores.database.query<{ id: string }>(
      'select distinct worker_id::text as id from embedding_backfill_jobs where worker_id is not null',
    );
    await this.expireLeases(
      held.map(({ id }) => id),
      true,
    );
  }

  /** What changes as runs go on, in one text. */
  async standing(): Promise<string> {
    const rows = await this.core.stores.database.query(
      `select b.id, b.state, b.embedded_count, b.skipped_count, b.failed_count, j.number, j.worker_id, j.checkpoint_image_id,
         j.finished_at
       from embedding_backfills b left join embedding_backfill_jobs j on j.backfill_id = b.id order by 1, 6`,
    );
    return JSON.stringify(rows);
  }

  encodedCount(): number {
    return readFileSync(this.encodedFile).length;
  }
}

function startServerCore(
  urls: { vectors: string; catalogue: string },
  { folder, closers }: { folder: string; closers: Closers },
): Promise<Core> {
  const config = loadConfig({
    DATABASE_URL: urls.catalogue,
    VECTOR_DATABASE_URL: urls.vectors,
    DATA_DIR: folder,
    DATABASE_POOL_SIZE: '4',
  });
  const overrides = { encoder: makeDeterministicEncoder() };
  return startCore({ config, log: silentLog, whenLocked: 'fail', overrides }, closers);
}

/** What is stored of a photograph that was embedded by no run of the test's. */
async function embeddingOf(number: number): Promise<EmbeddingRow> {
  const { vector } = await knownPhotograph(number);
  const id = String(number);
  return { imageId: id, productId: id, imageUrl: ownUrl(number), isMain: true, sourceUpdatedAt: null, vector };
}
