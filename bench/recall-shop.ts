import type { Config } from '../src/config.js';
import { makeDatabase, type Database } from '../src/db/database.js';
import { loadCatalog, type Catalog } from '../src/services/catalog/catalog.js';
import { EmbeddingStore } from '../src/services/vector/embedding-store.js';
import type { IndexKind } from '../src/services/vector/index-plan.js';
import { vectorSessionSettings } from '../src/services/vector/session-settings.js';
import { VectorIndex } from '../src/services/vector/vector-index.js';
import type { Close, ModelIdentity } from '../src/types.js';
import { upgradeVectorDatabase } from '../src/upgrade-vector-database.js';
import { embeddingRow } from '../test/support/embedding-rows.js';
import { silentLog } from '../test/support/silent-log.js';
import { serveBenchDatabase } from './bench-database.js';
import { ClusteredVectors } from './clustered-vectors.js';

export interface RecallShopOptions {
  /** Products, with one embedded image each. */
  rows: number;
  dimensions: number;
  /** Where an embedded database is kept for another run; null for one that goes when the bench ends. */
  folder: string | null;
  vector: Config['vector'];
}

/** A shop with clustered vectors, whose products have prices from 0 to 100 that have nothing to do with their looks. */
export interface RecallShop {
  database: Database;
  engine: 'embedded' | 'server';
  model: ModelIdentity;
  catalog: Catalog;
  /** Photographs that are not in the shop, from the same mixture. */
  drawQueries(count: number): Float32Array[];
  /** Builds an index of this kind as a backfill would, unless it is there. */
  build(kind: IndexKind): Promise<{ embeddings: EmbeddingStore; index: VectorIndex }>;
  close: Close;
}

const SEED = 1;
const ROWS_PER_CLUSTER = 100;
const ROWS_PER_STATEMENT = 1000;

export async function openRecallShop({ rows, dimensions, folder, vector }: RecallShopOptions): Promise<RecallShop> {
  const served = await serveBenchDatabase(folder);
  await upgradeVectorDatabase({ url: served.url, log: silentLog });
  const { engine } = served;
  const onConnect = vectorSessionSettings({ ...vector, engine });
  const database = makeDatabase({ url: served.url, name: 'vector', maxConnections: 2, log: silentLog, onConnect });
  const model = { name: `clustered-${rows}`, dimensions };
  const clusters = Math.ceil(rows / ROWS_PER_CLUSTER);
  const indexOf = (kind: IndexKind) =>
    new VectorIndex({ database, engine, kind, exactSearchRows: Math.min(rows - 1, 1000), log: silentLog });
  const mixture = new ClusteredVectors({ dimensions, clusters, seed: SEED });
  await fill({ database, embeddings: new EmbeddingStore(database, indexOf('hnsw')), model, mixture }, rows);
  return {
    database,
    engine,
    model,
    catalog: await makeCatalog(database, rows),
    drawQueries: (count) => Array.from({ length: count }, () => mixture.draw()),
    build: async (kind) => {
      const index = indexOf(kind);
      await index.ensureIndex(model);
      return { embeddings: new EmbeddingStore(database, index), index };
    },
    close: async () => {
      await database.close();
      await served.stop();
    },
  };
}

interface Filling {
  database: Database;
  embeddings: EmbeddingStore;
  model: ModelIdentity;
  mixture: ClusteredVectors;
}

/** The vectors are drawn also where they are there already, so that the queries are the same in every run. */
async function fill({ embeddings, model, mixture }: Filling, rows: number): Promise<void> {
  await embeddings.ensureModel(model);
  const isThere = (await embeddings.countRows(model)) === rows;
  for (let start = 1; start <= rows; start += ROWS_PER_STATEMENT) {
    const ids = Array.from({ length: Math.min(ROWS_PER_STATEMENT, rows + 1 - start) }, (_, at) => String(start + at));
    const drawn = ids.map((id) => embeddingRow(id, mixture.draw(), { productId: id }));
    if (!isThere) await embeddings.upsert(model, drawn);
  }
}

async function makeCatalog(database: Database, rows: number): Promise<Catalog> {
  // Hashes of the ids, so that they are the same in every run.
  const price = '(hashint4(id)::bigint & 2147483647) / 2147483648.0 * 100';
  for (const statement of [
    'drop schema if exists shop cascade',
    'create schema shop',
    `create table shop.products as select id, 'Product ' || id as title, ${price} as price from generate_series(1, ${rows}) id`,
    `create table shop.product_images as select id, id as product_id, id || '.jpg' as image_url, true as is_main_image
       from shop.products`,
    'alter table shop.products add primary key (id)',
    'alter table shop.product_images add primary key (id)',
    'create index on shop.product_images (product_id)',
    'analyze shop.products',
    'analyze shop.product_images',
  ]) {
    await database.query(statement);
  }
  const config = { products: 'shop.products', images: 'shop.product_images', columns: {}, filters: {} };
  return loadCatalog({ database, config, log: silentLog });
}
