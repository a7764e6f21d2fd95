import type { ChaosShop } from './chaos-shop.js';
import { knownPhotograph } from './chaos-photographs.js';

/** Half floats have eleven bits, and no number of a unit vector is above 1. */
const HALF_TOLERANCE = 1e-3;

interface StoredRow {
  id: string;
  productId: string;
  url: string;
  isMain: boolean;
  vector: string;
}

/** What is wrong after a run that went over all images, in words; empty where all is as it has to be. */
export async function faultsOf(shop: ChaosShop, backfillId: string): Promise<string[]> {
  const checks = await Promise.all([
    faultsOfEmbeddings(shop),
    faultsOfFailures(shop, backfillId),
    faultsOfCounts(shop, backfillId),
    faultsOfJobs(shop, backfillId),
  ]);
  return checks.flat();
}

/** Missing, phantom, duplicate and swapped embeddings. */
async function faultsOfEmbeddings({ core, stock }: ChaosShop): Promise<string[]> {
  const rows = await core.parts.database.query<StoredRow>(
    `select image_id as id, product_id as "productId", image_url as url, is_main_image as "isMain",
       image_embedding::vector::text as vector
     from image_embeddings`,
  );
  const wanted = new Set(stock.images.filter((number) => !stock.broken.includes(number)).map(String));
  const ids = rows.map(({ id }) => id);
  return [
    ...[...wanted].filter((id) => !ids.includes(id)).map((id) => `missing: image ${id} is not embedded`),
    ...ids.filter((id) => !wanted.has(id)).map((id) => `phantom: image ${id} is embedded`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `duplicate: image ${id} is there twice`),
    ...(await Promise.all(rows.filter(({ id }) => wanted.has(id)).map(faultsOfRow))).flat(),
  ];
}

async function faultsOfRow({ id, productId, url, isMain, vector }: StoredRow): Promise<string[]> {
  const numbers = JSON.parse(vector) as number[];
  const expected = (await knownPhotograph(Number(id))).vector;
  const isOwn = expected.every((value, index) => Math.abs(value - (numbers[index] ?? Infinity)) < HALF_TOLERANCE);
  const isLinked = productId === id && isMain && url === `${id}.jpg`;
  return [
    ...(isOwn ? [] : [`swapped: image ${id} has a vector that is not its own`]),
    ...(isLinked ? [] : [`image ${id} is stored as one of product ${productId} with the URL ${url}`]),
  ];
}

async function faultsOfFailures({ core, stock }: ChaosShop, backfillId: string): Promise<string[]> {
  const { database } = core.parts;
  const read = (table: string, condition: string) =>
    database.query<{ id: string }>(`select image_id as id from ${table} where ${condition}`);
  const [standing, ofRun] = await Promise.all([
    read('embedding_failures', 'true'),
    read('embedding_backfill_failures', `backfill_id = '${backfillId}'`),
  ]);
  const wanted = sorted(stock.broken.map(String));
  return Object.entries({ standing, 'of the run': ofRun }).flatMap(([what, rows]) => {
    const found = sorted(rows.map(({ id }) => id));
    return found === wanted ? [] : [`failures ${what} are [${found}] and not [${wanted}]`];
  });
}

function sorted(ids: readonly string[]): string {
  return [...ids].sort((a, b) => Number(a) - Number(b)).join(', ');
}

async function faultsOfCounts(shop: ChaosShop, backfillId: string): Promise<string[]> {
  const { images, already, broken } = shop.stock;
  const { state, counts } = await shop.run(backfillId);
  const [rows] = await shop.core.parts.database.query<{ embedded: number }>(
    'select count(*)::int as embedded from image_embeddings where backfill_id = $1::uuid',
    [backfillId],
  );
  const [total, skipped, failed] = [images.length, already.length, broken.length];
  const embedded = total - skipped - failed;
  const wanted = JSON.stringify({ total, processed: total, embedded, skipped, failed });
  return [
    ...(state === 'COMPLETED' ? [] : [`the run is ${state}`]),
    ...(JSON.stringify(counts) === wanted ? [] : [`the run counts ${JSON.stringify(counts)} and not ${wanted}`]),
    ...(rows?.embedded === embedded ? [] : [`${rows?.embedded} embeddings are of the run, and not ${embedded}`]),
  ];
}

async function faultsOfJobs({ core }: ChaosShop, backfillId: string): Promise<string[]> {
  const open = await core.parts.database.query<{ number: number; kind: string }>(
    `select number, kind from embedding_backfill_jobs
     where backfill_id = $1::uuid and (finished_at is null or worker_id is not null or lease_expires_at is not null)`,
    [backfillId],
  );
  return open.map(({ number, kind }) => `job ${number} (${kind}) is not finished, or held`);
}

/** Jobs of backfills that the queue would still hand out, or that somebody has. */
export async function queuedJobs({ core }: ChaosShop): Promise<number> {
  const [row] = await core.parts.database.query<{ count: number }>(
    `select count(*)::int as count from lookalike_queue.job
     where name like 'backfill-%' and state in ('created', 'retry', 'active')`,
  );
  return row?.count ?? 0;
}
