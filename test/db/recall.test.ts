import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EmbeddingModelStore } from '../../src/services/embedding-model-store.js';
import { recallOf } from '../../src/services/recall-ladder.js';
import { RecallService, type MeasuredRecall, type RecallRequest } from '../../src/services/recall.js';
import type { EmbeddingRow } from '../../src/services/vector/embedding-row.js';
import { vectorSessionSettings } from '../../src/services/vector/session-settings.js';
import { startTestDatabase, type TestDatabase } from '../support/database.js';
import { embeddingRow } from '../support/embedding-rows.js';
import { makeEmbeddingStack, makeIndexedModel } from '../support/indexed-model.js';
import { vectorOf } from '../support/vectors.js';

const ROWS = 2500;
/** Evenly spread vectors of so many numbers are hard for an index: a narrow search misses some of the nearest. */
const DIMENSIONS = 256;
const SETTINGS = { efSearch: 150, probes: 3, engine: 'embedded' } as const;

let db: TestDatabase;

beforeAll(async () => {
  // One connection, so that what is left behind in a session would be seen.
  db = await startTestDatabase({ maxConnections: 1, onConnect: vectorSessionSettings(SETTINGS) });
});
afterAll(() => db.close());

function noiseRows(count: number): EmbeddingRow[] {
  return Array.from({ length: count }, (_, index) => embeddingRow(String(index), vectorOf(index, DIMENSIONS)));
}

function makeRecall(): RecallService {
  const { database } = db;
  const configured = { hnsw: SETTINGS.efSearch, ivfflat: SETTINGS.probes };
  const models = new EmbeddingModelStore(database);
  return new RecallService({ database, models, ...makeEmbeddingStack(database, 'none'), configured });
}

async function measure(request: Partial<RecallRequest>): Promise<MeasuredRecall> {
  const report = await makeRecall().measure({ model: null, queries: 40, k: 10, ...request });
  if (report.kind !== 'measured') throw new Error(`The model ${report.model.name} has no index.`);
  return report;
}

const breadthsOfSession = () =>
  db.database.query(`select current_setting('hnsw.ef_search') as hnsw, current_setting('ivfflat.probes') as ivfflat`);

it('says that nothing is embedded yet', async () => {
  await expect(makeRecall().measure({ model: null, queries: 1, k: 1 })).rejects.toMatchObject({
    code: 'CONFLICT',
    message: 'Nothing is embedded yet: run `lookalike backfill` first.',
  });
});

describe('the recall of an index', () => {
  beforeAll(async () => {
    const rows = noiseRows(ROWS);
    await makeIndexedModel(db.database, { name: 'by-hnsw', rows, kind: 'hnsw' });
    await makeIndexedModel(db.database, { name: 'by-ivfflat', rows, kind: 'ivfflat' });
    await makeIndexedModel(db.database, { name: 'unindexed', rows: rows.slice(0, 20), kind: 'none' });
    await makeIndexedModel(db.database, { name: 'empty', rows: [], kind: 'none' });
    await new EmbeddingModelStore(db.database).activateFirst('by-hnsw');
  });

  it('rises with the candidates that HNSW keeps, from less than is wanted to nearly all', async () => {
    const report = await measure({});
    expect(report).toMatchObject({ index: 'hnsw', rows: ROWS, queries: 40, k: 10, current: 150 });
    expect(report.model.name).toBe('by-hnsw');
    expect(report.steps.map(({ breadth }) => breadth)).toEqual([40, 80, 120, 150, 160, 200, 300, 400, 600, 800]);
    const [narrowest, widest] = [report.steps[0]?.recall ?? 1, report.steps.at(-1)?.recall ?? 0];
    // Building is a matter of chance too: it is the rise that is sure.
    expect(narrowest).toBeLessThan(widest);
    expect(widest).toBeGreaterThan(0.98);
  });

  it('rises with the lists that IVFFlat reads, up to all there are', async () => {
    const { index, steps, current } = await measure({ model: 'by-ivfflat' });
    expect({ index, current }).toEqual({ index: 'ivfflat', current: 3 });
    expect(steps.map(({ breadth }) => breadth)).toEqual([1, 2, 3, 4, 8, 10]);
    expect(steps[0]?.recall).toBeLessThan(0.5);
    expect(steps.at(-1)?.recall).toBe(1);
  });

  it('suggests the narrowest search that finds 98 of 100', async () => {
    const { steps, suggestion } = await measure({ model: 'by-ivfflat' });
    expect(suggestion).toEqual(steps.find(({ recall }) => recall >= 0.98));
  });

  it('is the same for the same embeddings', async () => {
    const recalls = async () => (await measure({ queries: 10 })).steps.map(({ recall }) => recall);
    expect(await recalls()).toEqual(await recalls());
  });

  it('searches with all embeddings where there are fewer than asked for', async () => {
    const rows = noiseRows(120);
    await makeIndexedModel(db.database, { name: 'small', rows, kind: 'hnsw' });
    expect((await measure({ model: 'small', queries: 500 })).queries).toBe(120);
  });

  it('does not count the picture that is searched with', async () => {
    // It is in the one list that is read, so it would be found every time.
    const { steps } = await measure({ model: 'by-ivfflat', k: 1 });
    expect(steps[0]?.recall).toBeLessThan(0.7);
  });

  it('leaves the settings of the session as they were', async () => {
    const before = await breadthsOfSession();
    await measure({ queries: 2 });
    await measure({ model: 'by-ivfflat', queries: 2 });
    expect(await breadthsOfSession()).toEqual(before);
    expect(before).toEqual([{ hnsw: '150', ivfflat: '3' }]);
  });

  it('is not in question where there is no index', async () => {
    expect(await makeRecall().measure({ model: 'unindexed', queries: 5, k: 3 })).toEqual({
      kind: 'exact',
      model: { name: 'unindexed', dimensions: DIMENSIONS },
      rows: 20,
    });
  });

  it('can not be told of a model with which nothing is embedded', async () => {
    await expect(makeRecall().measure({ model: 'empty', queries: 5, k: 3 })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'Nothing is embedded with the model "empty" yet: run `lookalike backfill` first.',
    });
  });

  it('can not be told of a model that is not there', async () => {
    await expect(makeRecall().measure({ model: 'clip', queries: 5, k: 3 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(
        /^There is no model "clip" here\. There are: by-hnsw, by-ivfflat, empty, .*unindexed\.$/,
      ) as unknown,
    });
  });

  it.each([
    [{ queries: 0 }, '`queries` must be a whole number from 1 to 10000, and 0 is not.'],
    [{ queries: 10_001 }, '`queries` must be a whole number from 1 to 10000, and 10001 is not.'],
    [{ queries: NaN }, '`queries` must be a whole number from 1 to 10000, and NaN is not.'],
    [{ k: 0 }, '`k` must be a whole number from 1 to 100, and 0 is not.'],
    [{ k: 2.5 }, '`k` must be a whole number from 1 to 100, and 2.5 is not.'],
    [{ k: 101 }, '`k` must be a whole number from 1 to 100, and 101 is not.'],
  ])('is not measured with %o', async (request, message) => {
    await expect(measure(request)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', message });
  });
});

describe('recallOf', () => {
  const at = (...distances: number[]) => distances.map((distance) => ({ distance }));

  it('is the share of the nearest that were found', () => {
    expect(recallOf(at(-0.9, -0.7), at(-0.9, -0.8))).toBe(0.5);
    expect(recallOf(at(-0.9, -0.8), at(-0.9, -0.8))).toBe(1);
    expect(recallOf([], at(-0.9, -0.8))).toBe(0);
  });

  it('takes any of those that are as near as the last of them', () => {
    expect(recallOf(at(-0.9, -0.8), at(-0.9, -0.8 - 1e-8))).toBe(1);
  });

  it('is 1 where there is nothing to find', () => {
    expect(recallOf([], [])).toBe(1);
  });
});
