import { afterEach, describe, expect, it } from 'vitest';
import { partitionName } from '../../src/services/vector/partition.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';

let shop: TestShop;

afterEach(() => shop.close());

async function indexKinds(): Promise<string[]> {
  const rows = await shop.vectors.query<{ kind: string }>(
    `select substring(indexdef from 'using (hnsw|ivfflat)') as kind from (
       select lower(indexdef) as indexdef from pg_indexes where tablename = $1::text
     ) as indexes where indexdef ~ 'using (hnsw|ivfflat)'`,
    [partitionName('deterministic')],
  );
  return rows.map(({ kind }) => kind);
}

async function mostAlike(number: number): Promise<unknown> {
  const { data } = await shop.upload(
    await testPhotograph(number),
    'query ($image: Upload) { similarProducts(image: $image, limit: 1) { nodes { id } } }',
  );
  return data?.similarProducts;
}

describe('a backfill that outgrows exact searches', () => {
  it('builds the index, and searches still find the product', async () => {
    shop = await startTestShop({ products: 12, env: { EXACT_SEARCH_ROWS: '10' } });
    expect((await shop.backfill()).state).toBe('COMPLETED');
    expect(await indexKinds()).toEqual(['hnsw']);
    for (const number of [1, 5, 12]) expect(await mostAlike(number)).toEqual({ nodes: [{ id: String(number) }] });
  });

  it('builds none where none is wanted', async () => {
    shop = await startTestShop({ products: 12, env: { EXACT_SEARCH_ROWS: '10', VECTOR_INDEX: 'none' } });
    expect((await shop.backfill()).state).toBe('COMPLETED');
    expect(await indexKinds()).toEqual([]);
    expect(await mostAlike(5)).toEqual({ nodes: [{ id: '5' }] });
  });
});
