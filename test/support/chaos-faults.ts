import { ownUrl, type ChaosShop, type Stock } from './chaos-shop.js';
import { knownPhotograph } from './chaos-photographs.js';

/** Half floats have eleven bits, and no number of a unit vector is above 1. */
const HALF_TOLERANCE = 1e-3;

interface StoredRow {
  id: string;
  productId: string;
  url: string;
  isMain: boolean;
  /** Of the photograph, in hexadecimal; null where nobody noted it. */
  hash: string | null;
  vector: string;
}

/**
 * What is wrong after a run that went over all images, in words; empty where all is as it has to be.
 *
 * @param skipped - how many images it had not to embed.
 */
export async function faultsOf(
  shop: ChaosShop,
  backfillId: string,
  skipped: number | null = shop.stock.already.length,
): Promise<string[]> {
  const checks = await Promise.all([
    faultsOfEmbeddings(shop),
    faultsOfFailures(shop, backfillId),
    faultsOfCounts(shop, backfillId, skipped),
    faultsOfJobs(shop, backfillId),
  ]);
  return checks.flat();
}

/** Missing, phantom, duplicate and swapped embeddings. */
async function faultsOfEmbeddings({ core, stock }: ChaosShop): Promise<string[]> {
  const rows = await core.stores.database.query<StoredRow>(
    `select image_id as id, product_id as "productId", image_url as url, is_main_image as "isMain",
       encode(content_hash, 'hex') as hash, image_embedding::vector::text as vector
     from image_embeddings`,
  );
  const wanted = new Set(stock.images.filter((number) => !stock.broken.includes(number)).map(String));
  const ids = rows.map(({ id }) => id);
  return [
    ...[...wanted].filter((id) => !ids.includes(id)).map((id) => `missing: image ${id} is not embedded`),
    ...ids.filter((id) => !wanted.has(id)).map((id) => `phantom: image ${id} is embedded`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `duplicate: image ${id} is there twice`),
    ...(await Promise.all(rows.filter(({ id }) => wanted.has(id)).map((row) => faultsOfRow(row, stock)))).flat(),
  ];
}

async function faultsOfRow(row: StoredRow, stock: Stock): Promise<string[]> {
  const { id, productId, url, isMain } = row;
  const number = Number(id);
  const { urlOf = ownUrl, photographsOf = (own: number) => [own] } = stock;
  const isOwn = await Promise.all(photographsOf(number).map((photograph) => isOf(row, photograph)));
  const isLinked = productId === id && isMain && url === urlOf(number);
  return [
    ...(isOwn.includes(true) ? [] : [`swapped: image ${id} has a vector or a hash that is not its own`]),
    ...(isLinked ? [] : [`image ${id} is stored as one of product ${productId} with the URL ${url}`]),
  ];
}

async function isOf({ hash, vector }: StoredRow, photograph: number): Promise<boolean> {
  const known = await knownPhotograph(photograph);
  const numbers = JSON.parse(vector) as number[];
  return (
    (hash === null || hash === known.hash) &&
    known.vector.every((value, index) => Math.abs(value - (numbers[index] ?? Infinity)) < HALF_TOLERANCE)
  );
}

async function faultsOfFailures({ core, stock }: ChaosShop, backfillId: string): Promise<string[]> {
  const { database } = core.stores;
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

async function faultsOfCounts(shop: ChaosShop, backfillId: string, skipped: number | null): Promise<string[]> {
  const { state, counts } = await shop.run(backfillId);
  const [rows] = await shop.core.stores.database.query<{ embedded: number }>(
    'select count(*)::int as embedded from image_embeddings where backfill_id = $1::uuid',
    [backfillId],
  );
  const [total, failed, embedded] = [shop.stock.images.length, shop.stock.broken.length, rows?.embedded ?? 0];
  const rest = total - failed - embedded;
  const wanted = JSON.stringify({ total, processed: total, embedded, skipped: rest, failed });
  return [
    ...(state === 'COMPLETED' ? [] : [`the run is ${state}`]),
    ...(JSON.stringify(counts) === wanted ? [] : [`the run counts ${JSON.stringify(counts)} and not ${wanted}`]),
    ...(skipped === null || rest === skipped
      ? []
      : [`${embedded} embeddings are of the run, and ${skipped} need none`]),
  ];
}

async function faultsOfJobs({ core }: ChaosShop, backfillId: string): Promise<string[]> {
  const open = await core.stores.database.query<{ number: number; kind: string }>(
    `select number, kind from embedding_backfill_jobs
     where backfill_id = $1::uuid and (finished_at is null or worker_id is not null or lease_expires_at is not null)`,
    [backfillId],
  );
  return open.map(({ number, kind }) => `job ${number} (${kind}) is not finished, or held`);
}

/** Jobs of a run that the queue would still hand out, or that somebody has. */
export async function queuedJobs({ core }: ChaosShop, backfillId: string): Promise<number> {
  const [row] = await core.stores.database.query<{ count: number }>(
    `select count(*)::int as count from lookalike_queue.job
     where name like 'backfill-%' and data->>'backfillId' = $1::text and state in ('created', 'retry', 'active')`,
    [backfillId],
  );
  return row?.count ?? 0;
}
