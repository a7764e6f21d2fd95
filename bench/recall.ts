/**
 * How many of the true nearest a search through an index finds, and how long it takes beside comparing with every row:
 * `npm run bench -- recall`. The defaults of HNSW_EF_SEARCH and IVFFLAT_PROBES come from it (docs/decisions/0010-recall-defaults.md).
 *
 *   --rows 100000      embedded images
 *   --dimensions 512   of their vectors
 *   --queries 100      searches for each figure
 *   --k 10             how many of the nearest count
 *   --index hnsw       also ivfflat; both, one after the other, by default
 *   --folder <folder>  keeps the embedded database there, and takes what is there; building takes minutes
 *
 * The database is an embedded one, or a new one on the server that TEST_DATABASE_URL names.
 */
import { parseArgs } from 'node:util';
import { formatTable } from '../src/cli/format-table.js';
import { loadConfig } from '../src/config.js';
import { NO_OBSERVER } from '../src/observer.js';
import type { ProductFilter } from '../src/services/catalog/product-filter.js';
import { FILTER_LIMITS, rankProducts } from '../src/services/ranking.js';
import { climbLadder, recallOf, type RecallLadder } from '../src/services/recall-ladder.js';
import { makeRequestLoaders } from '../src/services/request-loaders.js';
import type { EmbeddingStore } from '../src/services/vector/embedding-store.js';
import type { IndexKind } from '../src/services/vector/index-plan.js';
import { SEARCH_BREADTH } from '../src/services/vector/session-settings.js';
import { silentLog } from '../test/support/silent-log.js';
import { quantile } from './quantile.js';
import { openRecallShop } from './recall-shop.js';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    dimensions: { type: 'string', default: '512' },
    queries: { type: 'string', default: '100' },
    k: { type: 'string', default: '10' },
    index: { type: 'string', multiple: true, default: ['hnsw', 'ivfflat'] },
    folder: { type: 'string' },
  },
});

const BREADTHS: Readonly<Record<IndexKind, readonly number[]>> = {
  hnsw: [40, 80, 100, 120, 160, 200, 300, 400, 600, 800],
  ivfflat: [1, 2, 4, 8, 16, 24, 32, 48, 64],
};

/** Shares of the products that a filter matches. */
const SELECTIVITIES = [0.5, 0.1, 0.01, 0.001];
const HIGHEST_PRICE = 100;

const k = Number(values.k);
const config = loadConfig({});
const shop = await openRecallShop({
  rows: Number(values.rows),
  dimensions: Number(values.dimensions),
  folder: values.folder ?? null,
  vector: config.vector,
});
const queries = shop.drawQueries(Number(values.queries));
console.log(
  `${values.rows} images, ${values.dimensions} numbers each, ${values.queries} queries, ${shop.engine} Postgres`,
);
for (const kind of values.index) if (kind in BREADTHS) await measure(kind as IndexKind);
await shop.close();

async function measure(kind: IndexKind): Promise<void> {
  const startedMs = performance.now();
  const { embeddings } = await shop.build(kind);
  console.log(`\n${kind}, ready after ${Math.round((performance.now() - startedMs) / 1000)} s`);
  const ladder = await climbLadder(
    { database: shop.database, embeddings },
    {
      model: shop.model,
      index: kind,
      queries: queries.map((vector) => ({ vector, excludedProductIds: [] })),
      k,
      breadths: BREADTHS[kind],
    },
  );
  printLadder(kind, ladder);
  const filtered = [];
  for (const share of SELECTIVITIES) filtered.push(await measureFilter(embeddings, share));
  const breadth = kind === 'hnsw' ? config.vector.efSearch : config.vector.probes;
  console.log(`\nwith a filter, ${SEARCH_BREADTH[kind].parameter} ${breadth}`);
  console.log(formatTable(['products matching', `recall@${k}`, 'least', 'time, of exact'], filtered));
}

function printLadder(kind: IndexKind, { exactMs, steps }: RecallLadder): void {
  const { parameter } = SEARCH_BREADTH[kind];
  const rows = steps.map(({ breadth, recall, medianMs }) => [
    String(breadth),
    recall.toFixed(4),
    (medianMs / exactMs).toFixed(3),
  ]);
  console.log(formatTable([parameter, `recall@${k}`, 'time, of exact'], rows));
}

/** As the product answers a filter, against comparing with every image of the products that match. */
async function measureFilter(embeddings: EmbeddingStore, share: number): Promise<string[]> {
  const { catalog, model } = shop;
  const filter = cheaperThan(HIGHEST_PRICE * share);
  const productIds = await catalog.matchingIds(filter, Number(values.rows));
  const exactForm = { ...(await embeddings.searchForm(model)), kind: 'exact' } as const;
  const recalls: number[] = [];
  const ratios: number[] = [];
  for (const vector of queries) {
    const exact = { form: exactForm, limit: k, after: null, excludedProductIds: [] };
    const all = await timed(() => embeddings.nearest(model, vector, { ...exact, productIds: null }));
    const truth = await embeddings.nearest(model, vector, { ...exact, productIds });
    const page = await timed(() =>
      rankProducts(
        { catalog, embeddings, observer: NO_OBSERVER, log: silentLog, limits: FILTER_LIMITS },
        {
          query: { model, vector, identity: '', excludedProductIds: [], picture: null },
          limit: k,
          after: null,
          filter,
          excludedProductIds: [],
          minSimilarity: null,
          loaders: makeRequestLoaders({ catalog, embeddings }),
        },
      ),
    );
    const keys = page.result.ranked.map(({ key }) => key);
    recalls.push(recallOf(keys, truth.near));
    ratios.push(page.ms / all.ms);
  }
  const ascending = ratios.toSorted((one, other) => one - other);
  return [
    `${share * 100} % (${productIds.length})`,
    (recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length).toFixed(4),
    Math.min(...recalls).toFixed(1),
    quantile(ascending, 0.5).toFixed(3),
  ];
}

function cheaperThan(max: number): ProductFilter {
  return { categories: null, brands: null, price: { min: null, max }, inStock: null, attributes: [] };
}

async function timed<Result>(work: () => Promise<Result>): Promise<{ result: Result; ms: number }> {
  const startedMs = performance.now();
  const result = await work();
  return { result, ms: performance.now() - startedMs };
}
