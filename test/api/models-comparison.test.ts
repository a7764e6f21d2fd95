import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDeterministicEncoder } from '../support/deterministic-encoder.js';
import { likeProduct } from '../support/model-operations.js';
import { startTestShop, type Answer, type TestShop } from '../support/test-shop.js';

const COARSE = 'coarse';

const QUERY = `query ($ids: [ID!]!, $limit: Int! = 10, $baseline: String, $candidate: String) {
  compareEmbeddingModels(productIds: $ids, limit: $limit, baseline: $baseline, candidate: $candidate) {
    baseline { name dimensions } candidate { name dimensions } meanOverlap
    products { product { id title } overlap baseline { status nodes { id } } candidate { status nodes { id } } }
  }
}`;

interface Seen {
  baseline: { name: string };
  candidate: { name: string };
  meanOverlap: number | null;
  products: {
    product: { id: string };
    overlap: number | null;
    baseline: { status: string; nodes: { id: string }[] };
    candidate: { status: string; nodes: { id: string }[] };
  }[];
}

let shop: TestShop;

const ask = (variables: Record<string, unknown>): Promise<Answer> => shop.asAdmin(QUERY, variables);

async function compared(variables: Record<string, unknown>): Promise<Seen> {
  const { data, errors } = await ask(variables);
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data?.compareEmbeddingModels as Seen;
}

describe('compareEmbeddingModels', () => {
  beforeAll(async () => {
    const encoders = [makeDeterministicEncoder({ name: COARSE })];
    shop = await startTestShop({ products: 12, overrides: { encoders } });
    await shop.backfill();
  });

  afterAll(() => shop.close());

  it('has nothing to compare where there is one model', async () => {
    expect((await ask({ ids: ['1'] })).errors).toMatchObject([
      {
        message: 'There is no other model than "deterministic" here to compare it with.',
        extensions: { code: 'NOT_FOUND', argument: 'candidate' },
      },
    ]);
  });

  it('shows both answers, and how much of them is the same', async () => {
    const all = Array.from({ length: 11 }, (_, index) => String(index + 1));
    await shop.backfill({ model: COARSE, productIds: all });
    const seen = await compared({ ids: ['3', '03', '5'], limit: 4 });
    expect(seen).toMatchObject({
      baseline: { name: 'deterministic', dimensions: 512 },
      candidate: { name: COARSE, dimensions: 64 },
    });
    expect(seen.products.map(({ product }) => product.id)).toEqual(['3', '5']);
    for (const { product, baseline, candidate, overlap } of seen.products) {
      expect(baseline.nodes).toHaveLength(4);
      expect(candidate.nodes).toHaveLength(4);
      expect(baseline.nodes.map(({ id }) => id)).toEqual(
        (await likeProduct(shop, product.id)).edges.slice(0, 4).map(({ node }) => node.id),
      );
      const shared = candidate.nodes.filter(({ id }) => baseline.nodes.some((node) => node.id === id));
      expect(overlap).toBe(shared.length / 4);
    }
    const [one, other] = seen.products.map(({ overlap }) => overlap ?? NaN);
    expect(seen.meanOverlap).toBeCloseTo(((one ?? NaN) + (other ?? NaN)) / 2);
  });

  it('leaves what one of them has not embedded out of the mean', async () => {
    const seen = await compared({ ids: ['12', '3'], limit: 4 });
    const [missing, whole] = seen.products;
    expect(missing).toMatchObject({ overlap: null, baseline: { status: 'OK' }, candidate: { status: 'NOT_EMBEDDED' } });
    expect(missing?.candidate.nodes).toEqual([]);
    expect(seen.meanOverlap).toBe(whole?.overlap);
    expect((await compared({ ids: ['12'] })).meanOverlap).toBeNull();
  });

  it('measures against the longer answer', async () => {
    // All 11 others of the one, 10 of the other.
    const [product] = (await compared({ ids: ['3'], limit: 100 })).products;
    expect([product?.baseline.nodes.length, product?.candidate.nodes.length]).toEqual([11, 10]);
    expect(product?.overlap).toBeCloseTo(10 / 11);
  });

  it('compares the models that are named', async () => {
    expect(await compared({ ids: ['1'], baseline: COARSE })).toMatchObject({
      baseline: { name: COARSE },
      candidate: { name: 'deterministic' },
    });
    expect(await compared({ ids: ['1'], baseline: COARSE, candidate: 'deterministic' })).toMatchObject({
      baseline: { name: COARSE },
      candidate: { name: 'deterministic' },
    });
  });

  it.each([
    ['no product', { ids: [] }, 'productIds', '`productIds` may name from 1 to 50 products, and has 0.'],
    [
      'more products than it may be about',
      { ids: Array.from({ length: 51 }, () => '1') },
      'productIds',
      '`productIds` may name from 1 to 50 products, and has 51.',
    ],
    [
      'an id that can not be one',
      { ids: ['1', 'x'] },
      'productIds',
      '`productIds` must be a whole number: the key of this catalogue\'s products is integer, and "x" is not one.',
    ],
    ['no answers', { ids: ['1'], limit: 0 }, 'limit', '`limit` must be from 1 to 100, and 0 is not.'],
    ['endless answers', { ids: ['1'], limit: 101 }, 'limit', '`limit` must be from 1 to 100, and 101 is not.'],
    [
      'one model twice',
      { ids: ['1'], baseline: COARSE, candidate: COARSE },
      'candidate',
      '`candidate` must be another model than `baseline`, and both are "coarse".',
    ],
    [
      'the model that answers, without another one',
      { ids: ['1'], candidate: 'deterministic' },
      'candidate',
      '`candidate` must be another model than `baseline`, and both are "deterministic".',
    ],
  ])('refuses %s', async (_what, variables, argument, message) => {
    const { data, errors } = await ask(variables);
    expect(data ?? null).toBeNull();
    expect(errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT', argument } }]);
  });

  it.each([
    ['a product that the shop does not have', { ids: ['1', '77'] }, 'productIds', 'The shop has no product "77".'],
    [
      'a baseline that there is not',
      { ids: ['1'], baseline: 'clip-ViT-B-32' },
      'baseline',
      'There is no model "clip-ViT-B-32" here. There are: coarse, deterministic.',
    ],
    [
      'a candidate that there is not',
      { ids: ['1'], candidate: 'clip-ViT-B-32' },
      'candidate',
      'There is no model "clip-ViT-B-32" here. There are: coarse, deterministic.',
    ],
  ])('does not find %s', async (_what, variables, argument, message) => {
    expect((await ask(variables)).errors).toMatchObject([{ message, extensions: { code: 'NOT_FOUND', argument } }]);
  });
});
