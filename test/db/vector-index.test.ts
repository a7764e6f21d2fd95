import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EmbeddingStore } from '../../src/services/vector/embedding-store.js';
import { partitionName } from '../../src/services/vector/partition.js';
import { nearestSql, type MatchKey, type SearchForm } from '../../src/services/vector/search-sql.js';
import { encodeVector } from '../../src/services/vector/codec.js';
import { vectorSessionSettings } from '../../src/services/vector/session-settings.js';
import { VectorIndex, type VectorIndexOptions } from '../../src/services/vector/vector-index.js';
import type { ModelIdentity } from '../../src/types.js';
import { startTestDatabase, type TestDatabase } from '../support/database.js';
import { silentLog } from '../support/silent-log.js';
import { vectorNear, vectorOf } from '../support/vectors.js';

const DIMENSIONS = 16;
const ROWS = 1000;
const query = vectorOf(0, DIMENSIONS);

let db: TestDatabase;

beforeAll(async () => {
  db = await startTestDatabase({ onConnect: vectorSessionSettings({ efSearch: 200, probes: 32, engine: 'embedded' }) });
});
afterAll(() => db.close());

const engine = process.env.TEST_DATABASE_URL === undefined ? 'embedded' : 'server';

function indexOf(options: Partial<VectorIndexOptions> = {}): VectorIndex {
  const defaults = { database: db.database, engine, kind: 'hnsw', exactSearchRows: 100, log: silentLog } as const;
  return new VectorIndex({ ...defaults, ...options });
}

/** A model with rows: one product in two has two images. */
async function loadedModel(name: string, count = ROWS): Promise<ModelIdentity> {
  const model = { name, dimensions: DIMENSIONS };
  const store = new EmbeddingStore(db.database, indexOf());
  await store.ensureModel(model);
  const rows = Array.from({ length: count }, (_, index) => ({
    imageId: String(index),
    productId: `p${index % 700}`,
    imageUrl: `/${index}.jpg`,
    isMain: index < 700,
    sourceUpdatedAt: null,
    vector: vectorNear(query, index + 1, 0.2 + index / 300),
  }));
  await store.upsert(model, rows);
  return model;
}

async function indexesOf(model: ModelIdentity): Promise<string[]> {
  const partition = partitionName(model.name);
  const rows = await db.database.query<{ name: string }>(
    `select indexname as name from pg_indexes where tablename = $1::text and indexdef ~* 'using (hnsw|ivfflat)' order by 1`,
    [partition],
  );
  return rows.map(({ name }) => name.slice(partition.length + 1));
}

async function planOf(model: ModelIdentity, form: SearchForm, after: MatchKey | null): Promise<string> {
  const options = { form, limit: 20, after, productIds: null, excludedProductIds: ['p1'] };
  const { text, values } = nearestSql(model, encodeVector(query, model), options);
  const rows = await db.database.query<{ 'QUERY PLAN': string }>(`explain (costs off) ${text}`, values);
  return rows.map((line) => line['QUERY PLAN']).join('\n');
}

/** The ids of the images nearest to `query`, in the form that the store would take by itself. */
async function nearestIds(store: EmbeddingStore, model: ModelIdentity, limit: number): Promise<string[]> {
  const form = await store.searchForm(model);
  const options = { form, limit, after: null, productIds: null, excludedProductIds: ['p3'] };
  const { near } = await store.nearest(model, query, options);
  return near.map(({ imageId }) => imageId);
}

describe('the planner', () => {
  it.each(['hnsw', 'ivfflat'] as const)(
    'takes a %s index for the approximate form and never for the exact one',
    async (kind) => {
      const model = await loadedModel(`planned-${kind}`, 3 * ROWS);
      const vectorIndex = indexOf({ kind });
      await vectorIndex.ensureIndex(model);
      const { type } = await vectorIndex.searchForm(model);
      const [index = 'none'] = await indexesOf(model);
      const scan = `Index Scan using ${partitionName(model.name)}_${index}`;
      const after = { distance: -0.9, imageId: '' };
      for (const place of [null, after]) {
        expect(await planOf(model, { kind: 'approximate', type }, place)).toContain(scan);
        expect(await planOf(model, { kind: 'exact', type }, place)).not.toContain(scan);
      }
    },
  );
});

describe('ensureIndex', () => {
  it('builds none up to the limit of exact search, and one past it', async () => {
    const model = await loadedModel('growing');
    const small = indexOf({ exactSearchRows: ROWS });
    await small.ensureIndex(model);
    expect(await indexesOf(model)).toEqual([]);
    expect(await small.searchForm(model)).toMatchObject({ kind: 'exact' });
    const large = indexOf({ exactSearchRows: ROWS - 1 });
    expect(await large.searchForm(model)).toMatchObject({ kind: 'exact' });
    await large.ensureIndex(model);
    expect(await indexesOf(model)).toEqual(['hnsw']);
    expect(await large.searchForm(model)).toMatchObject({ kind: 'approximate' });
  });

  it('replaces the index when another kind is configured, and drops it for none', async () => {
    const model = await loadedModel('changing');
    await indexOf({ kind: 'hnsw' }).ensureIndex(model);
    await indexOf({ kind: 'ivfflat' }).ensureIndex(model);
    expect(await indexesOf(model)).toEqual(['ivf10']);
    await indexOf({ kind: 'none' }).ensureIndex(model);
    expect(await indexesOf(model)).toEqual([]);
  });

  it('builds again what a killed build left invalid', async () => {
    const model = await loadedModel('interrupted');
    await indexOf().ensureIndex(model);
    await db.database.query(`update pg_index set indisvalid = false where indexrelid = to_regclass($1::text)`, [
      `${partitionName(model.name)}_hnsw`,
    ]);
    const index = indexOf();
    expect(await index.searchForm(model)).toMatchObject({ kind: 'exact' });
    await index.ensureIndex(model);
    expect(await index.searchForm(model)).toMatchObject({ kind: 'approximate' });
    expect(await indexesOf(model)).toEqual(['hnsw']);
  });

  it('may be called by several at once', async () => {
    const model = await loadedModel('wanted-by-many');
    await Promise.all([1, 2, 3].map(() => indexOf().ensureIndex(model)));
    expect(await indexesOf(model)).toEqual(['hnsw']);
  });

  it('leaves the settings of the session as they were', async () => {
    const settings = () =>
      db.database.query(`select current_setting('maintenance_work_mem'), current_setting('statement_timeout')`);
    const before = await settings();
    await indexOf().ensureIndex(await loadedModel('tidy'));
    expect(await settings()).toEqual(before);
  });
});

describe('searchForm', () => {
  it('notices an index that another process has built after a while', async () => {
    const model = await loadedModel('shared');
    let nowMs = 0;
    const options = { database: db.database, engine, kind: 'hnsw', exactSearchRows: 100, log: silentLog } as const;
    const index = new VectorIndex(options, () => nowMs);
    expect(await index.searchForm(model)).toMatchObject({ kind: 'exact' });
    await indexOf().ensureIndex(model);
    expect(await index.searchForm(model)).toMatchObject({ kind: 'exact' });
    nowMs = 60_000;
    expect(await index.searchForm(model)).toMatchObject({ kind: 'approximate' });
  });
});

describe('a search through an index', () => {
  it.each(['hnsw', 'ivfflat'] as const)('finds with %s what an exact one finds, in the same order', async (kind) => {
    const model = await loadedModel(`searched-${kind}`);
    const expected = await nearestIds(new EmbeddingStore(db.database, indexOf()), model, 20);
    const index = indexOf({ kind });
    await index.ensureIndex(model);
    expect(await index.searchForm(model)).toMatchObject({ kind: 'approximate' });
    expect(await nearestIds(new EmbeddingStore(db.database, index), model, 20)).toEqual(expected);
  });

  it('fills a limit above the candidates that it keeps', async () => {
    const model = await loadedModel('deep');
    const index = indexOf();
    await index.ensureIndex(model);
    expect(await nearestIds(new EmbeddingStore(db.database, index), model, 300)).toHaveLength(300);
  });
});
