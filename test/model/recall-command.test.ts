import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDatabase, type Database } from '../../src/db/database.js';
import { openEmbeddedPostgres, type EmbeddedPostgres } from '../../src/db/embedded-postgres.js';
import { EmbeddingModelStore } from '../../src/services/embedding-model-store.js';
import { upgradeVectorDatabase } from '../../src/upgrade-vector-database.js';
import { embeddingRow } from '../support/embedding-rows.js';
import { makeIndexedModel } from '../support/indexed-model.js';
import { startProgram, type Ended } from '../support/run-cli.js';
import { silentLog } from '../support/silent-log.js';
import { vectorOf } from '../support/vectors.js';

const ROWS = 2000;
const rows = Array.from({ length: ROWS }, (_, index) => embeddingRow(String(index), vectorOf(index, 64)));

let dataDir: string;
let postgres: EmbeddedPostgres;
let database: Database;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'lookalike-recall-'));
  postgres = await openEmbeddedPostgres({ dataDir, log: silentLog });
  await upgradeVectorDatabase({ url: postgres.url, log: silentLog });
  database = makeDatabase({ url: postgres.url, name: 'vector', maxConnections: 2, log: silentLog });
});
afterAll(async () => {
  await database.close();
  await postgres.close();
  await rm(dataDir, { recursive: true, force: true });
});

function makeModel(name: string, kind: 'ivfflat' | 'none', of: typeof rows): ReturnType<typeof makeIndexedModel> {
  return makeIndexedModel(database, { name, rows: of, kind, engine: 'embedded' });
}

/** It needs neither catalogue nor model: nobody answers at the one's address, and the other is nowhere. */
function recall(...args: string[]): Promise<Ended> {
  const env = {
    DATA_DIR: dataDir,
    DATABASE_URL: 'postgresql://127.0.0.1:1/shop',
    CLIP_MODEL: '/nowhere/clip',
    IVFFLAT_PROBES: '2',
  };
  return startProgram('cli', ['recall', ...args], env).ended;
}

describe('lookalike recall', () => {
  it('says that nothing is embedded yet', async () => {
    const { code, stdout, stderr } = await recall();
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('Nothing is embedded yet: run `lookalike backfill` first.');
  });

  it('measures the active model, and suggests the line for .env', async () => {
    await makeModel('by-ivfflat', 'ivfflat', rows);
    await new EmbeddingModelStore(database).activateFirst('by-ivfflat');
    const { code, stdout } = await recall('--queries', '20', '--k', '5');
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('by-ivfflat: 2000 images embedded, index ivfflat.');
    expect(lines[1]).toMatch(
      /^Searched with 20 of them, each without its own product, for the 5 nearest\. Comparing with every image takes [\d.]+ ms\.$/,
    );
    expect(lines[3]).toMatch(/^IVFFLAT_PROBES {2}recall@5 {2}time, of exact$/);
    expect(lines.slice(4, 9).map((line) => line.split(/ {2,}/)[0])).toEqual(['1', '2', '4', '8', '10']);
    expect(lines[5]).toMatch(/^2 +0\.\d{4} +\d+\.\d{3} +as it is now$/);
    expect(lines[8]).toMatch(/^10 +1\.0000 +\d+\.\d{3}$/);
    expect(lines[10]).toBe('The smallest that finds 98 % of the nearest; put it into .env and restart:');
    expect(lines[11]).toMatch(/^IVFFLAT_PROBES=(8|10)$/);
    expect([code, lines.length]).toEqual([0, 12]);
  });

  it('says where there is nothing to set', async () => {
    await makeModel('unindexed', 'none', rows.slice(0, 50));
    const { code, stdout } = await recall('--model', 'unindexed');
    expect(stdout).toBe(
      'unindexed: 50 images embedded, no index.\n' +
        'Searches compare with every image, so they miss none: there is nothing to set.\n',
    );
    expect(code).toBe(0);
  });

  it.each([
    [['--model', 'clip'], 'There is no model "clip" here. There are: by-ivfflat, unindexed.'],
    [['--queries', 'many'], '`queries` must be a whole number from 1 to 10000, and NaN is not.'],
    [['--k', '0'], '`k` must be a whole number from 1 to 100, and 0 is not.'],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await recall(...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
  });
});
