/**
 * How search, index and size grow with the catalogue: `npm run bench -- scale`.
 *
 *   --rows 10000,30000,100000   embedded images
 *   --dimensions 512            of their vectors
 *   --searches 100              in a round
 *   --rounds 5                  the sizes take turns
 *   --folder <folder>           keeps the embedded databases there, and takes what is there; building takes minutes
 *
 * Searches are of the vector database alone, for the 20 nearest at the defaults. The databases are embedded ones, or new ones on the
 * server that TEST_DATABASE_URL names.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../src/config.js';
import type { EmbeddingStore } from '../src/services/vector/embedding-store.js';
import { partitionName } from '../src/services/vector/partition.js';
import { openRecallShop, type RecallShop } from './recall-shop.js';
import { once, report, type Figure } from './report.js';
import { ratioOf, sideBySide, spreadOf } from './side-by-side.js';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000,30000,100000' },
    dimensions: { type: 'string', default: '512' },
    searches: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '5' },
    folder: { type: 'string' },
  },
});

const LIMIT = 20;

/** What a row takes where nothing but 32-bit numbers of 512 dimensions is kept. */
const PLAIN_ROW_BYTES = 2048;

interface Size {
  rows: number;
  shop: RecallShop;
  embeddings: EmbeddingStore;
  buildSeconds: number;
}

const sizes: Size[] = [];
for (const rows of values.rows.split(',').map(Number)) sizes.push(await open(rows));
const rounds = Number(values.rounds);
const measured = await sideBySide(
  Object.fromEntries(sizes.map((size) => [String(size.rows), () => medianSearchMs(size)])),
  rounds,
);
await report('scale', rounds, [...(await Promise.all(sizes.map(figuresOf))).flat(), growth()]);
for (const { shop } of sizes) await shop.close();

async function open(rows: number): Promise<Size> {
  const shop = await openRecallShop({
    rows,
    dimensions: Number(values.dimensions),
    folder: values.folder === undefined ? null : join(values.folder, String(rows)),
    vector: loadConfig({}).vector,
  });
  const startedMs = performance.now();
  const { embeddings } = await shop.build('hnsw');
  return { rows, shop, embeddings, buildSeconds: (performance.now() - startedMs) / 1000 };
}

async function medianSearchMs({ shop, embeddings }: Size): Promise<number> {
  const form = await embeddings.searchForm(shop.model);
  const times: number[] = [];
  for (const vector of shop.drawQueries(Number(values.searches))) {
    const startedMs = performance.now();
    await embeddings.nearest(shop.model, vector, {
      form,
      limit: LIMIT,
      after: null,
      productIds: null,
      excludedProductIds: [],
    });
    times.push(performance.now() - startedMs);
  }
  return spreadOf(times).median;
}

async function figuresOf({ rows, shop, buildSeconds }: Size): Promise<Figure[]> {
  const [row] = await shop.database.query<{ bytes: number }>(
    'select pg_total_relation_size($1::regclass)::float8 as bytes',
    [partitionName(shop.model.name)],
  );
  const bytes = (row?.bytes ?? NaN) / rows;
  const of = `${rows} rows, ${shop.engine}`;
  const isSmallEmbedded = rows === 10_000 && shop.engine === 'embedded';
  return [
    {
      what: `search, ${of}`,
      value: spreadOf(measured[rows] ?? []),
      unit: 'ms',
      goal: isSmallEmbedded ? { atMost: 10 } : null,
    },
    { what: `building the index, ${of}`, value: once(buildSeconds), unit: 's', goal: null },
    {
      what: `table and index a row / ${PLAIN_ROW_BYTES} bytes, ${of}`,
      value: once(bytes / PLAIN_ROW_BYTES),
      unit: 'of the bytes',
      goal: { atMost: 1.35 },
      beside: `${Math.round(bytes)} bytes`,
    },
  ];
}

function growth(): Figure {
  const [first, last] = [sizes[0]?.rows ?? 0, sizes.at(-1)?.rows ?? 0];
  return {
    what: `search: ${last} rows / ${first} rows`,
    value: ratioOf(measured[last] ?? [], measured[first] ?? []),
    unit: 'of the ms',
    goal: { atMost: 2 },
  };
}
