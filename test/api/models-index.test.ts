import { afterEach, describe, expect, it } from 'vitest';
import { partitionName } from '../../src/services/vector/partition.js';
import { makeDeterministicEncoder } from '../support/deterministic-encoder.js';
import { activationPayload, dropPayload, likeProduct } from '../support/model-operations.js';
import { refusalOf } from '../support/search-operations.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';

const COARSE = 'coarse';

let shop: TestShop;

async function startShop(): Promise<void> {
  const overrides = { encoders: [makeDeterministicEncoder({ name: COARSE })] };
  shop = await startTestShop({ products: 12, env: { EXACT_SEARCH_ROWS: '10' }, overrides });
  await shop.backfill();
  await shop.backfill({ model: COARSE });
}

afterEach(() => shop.close());

describe('a model with many embeddings', () => {
  it('is not activated before it has an index, and is once a backfill has built it', async () => {
    await startShop();
    await shop.vectors.query(`drop index ${partitionName(COARSE)}_hnsw`);
    expect(await activationPayload(shop, { model: COARSE })).toEqual({
      model: null,
      previousModel: null,
      userErrors: [
        {
          field: ['input', 'model'],
          code: 'CONFLICT',
          message:
            'The model "coarse" has no index yet, and too many embeddings for searches to do without. It is built at the end of a ' +
            'backfill: wait for it, or run one with this model.',
        },
      ],
    });
    await shop.backfill({ model: COARSE });
    expect(await activationPayload(shop, { model: COARSE })).toMatchObject({ model: { name: COARSE }, userErrors: [] });
    expect((await likeProduct(shop, '1')).model).toBe(COARSE);
  });
});

describe('a model whose embeddings are gone', () => {
  it('is a fault that passes for whoever does not know of it yet', async () => {
    await startShop();
    expect((await likeProduct(shop, '1')).model).toBe('deterministic');
    // As a server sees it that has read a second ago which model answers.
    await shop.vectors.query(`alter table ${partitionName('deterministic')} rename to hidden`);
    expect(await refusalOf(shop, 'similarToProduct', { id: '1' })).toEqual([
      'SERVICE_UNAVAILABLE',
      'The model "deterministic" has just been dropped: try again in a moment.',
      undefined,
    ]);
    await shop.vectors.query(`alter table hidden rename to ${partitionName('deterministic')}`);
    expect((await likeProduct(shop, '1')).model).toBe('deterministic');
  });
});

describe('a drop', () => {
  it('takes the index and all else of one model, and nothing of another', async () => {
    await startShop();
    expect(await dropPayload(shop, COARSE)).toEqual({ droppedModel: COARSE, userErrors: [] });
    const left = await shop.vectors.query<{ name: string }>(
      `select relname as name from pg_class where relname like 'image_embeddings_%' and relkind in ('r', 'i') order by 1`,
    );
    expect(left.map(({ name }) => name).filter((name) => name.includes('coarse'))).toEqual([]);
    expect((await likeProduct(shop, '1')).model).toBe('deterministic');
  });
});
