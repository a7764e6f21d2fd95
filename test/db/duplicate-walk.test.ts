import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DuplicateWalk, type AlikeImages } from '../../src/services/duplicate-walk.js';
import type { PairPosition } from '../../src/services/vector/duplicate-sql.js';
import type { EmbeddingRow } from '../../src/services/vector/embedding-row.js';
import { vectorSessionSettings } from '../../src/services/vector/session-settings.js';
import type { ModelIdentity } from '../../src/types.js';
import { startTestDatabase, type TestDatabase } from '../support/database.js';
import { embeddingRow } from '../support/embedding-rows.js';
import { makeIndexedModel, type EmbeddingStack } from '../support/indexed-model.js';
import { cosine, uniform, vectorNear, vectorOf } from '../support/vectors.js';

const DIMENSIONS = 64;
const MIN_SIMILARITY = 0.98;

let db: TestDatabase;

beforeAll(async () => {
  const settings = vectorSessionSettings({ efSearch: 200, probes: 32, engine: 'embedded' });
  // The planner is to take the index of a table that is as small as this.
  db = await startTestDatabase({ onConnect: `${settings}; set enable_seqscan = off` });
});
afterAll(() => db.close());

/**
 * Pictures of which some are alike: pairs and threes, a crowd of dozens that share one to the bit, and products with two pictures
 * that are alike, which is no pair.
 */
function alikeRows(count: number): EmbeddingRow[] {
  const random = uniform(3);
  return Array.from({ length: count }, (_, number) => {
    const isOfCrowd = number % 20 === 7;
    const family = isOfCrowd ? 0 : 1 + Math.floor(random() * count * 0.8);
    const vector = isOfCrowd
      ? vectorOf(0, DIMENSIONS)
      : vectorNear(vectorOf(family, DIMENSIONS), number, random() * 0.15);
    // Ids of which the order of bytes is not that of numbers.
    const productId = number % 9 === 0 ? `p${number + 1}` : `p${number}`;
    return embeddingRow(String(number), vector, { productId });
  });
}

/** Each pair once, in the order of ids. */
function pairsByBruteForce(rows: readonly EmbeddingRow[]): string[] {
  const ordered = rows.toSorted((one, other) => Buffer.compare(Buffer.from(one.imageId), Buffer.from(other.imageId)));
  return ordered.flatMap((one, index) =>
    ordered
      .slice(index + 1)
      .filter((other) => other.productId !== one.productId && cosine(one.vector, other.vector) >= MIN_SIMILARITY)
      .map((other) => `${one.imageId} ${other.imageId}`),
  );
}

interface Walked {
  pairs: AlikeImages[];
  pages: number;
}

async function walkAll({ model, ...stack }: EmbeddingStack & { model: ModelIdentity }, first: number): Promise<Walked> {
  const walked: Walked = { pairs: [], pages: 0 };
  let position: PairPosition | null = null;
  do {
    const walk = new DuplicateWalk(
      { database: db.database, embeddings: stack.embeddings },
      { model, first, minSimilarity: MIN_SIMILARITY },
    );
    const { pairs, next } = await walk.from(position);
    expect(pairs.length).toBeLessThanOrEqual(first);
    walked.pairs.push(...pairs);
    walked.pages += 1;
    position = next;
  } while (position !== null);
  return walked;
}

const namesOf = (pairs: readonly AlikeImages[]) => pairs.map(({ one, other }) => `${one.imageId} ${other.imageId}`);

describe.each([
  ['without an index', 'none', 500],
  ['through HNSW', 'hnsw', 700],
  ['through IVFFlat', 'ivfflat', 700],
] as const)('the pairs of pictures that are much alike, %s', (_, kind, count) => {
  const rows = alikeRows(count);
  const expected = pairsByBruteForce(rows);
  let made: EmbeddingStack & { model: ModelIdentity };

  beforeAll(async () => {
    made = await makeIndexedModel(db.database, { name: `alike-${kind}`, rows, kind });
    expect(await made.index.searchForm(made.model)).toMatchObject({ kind: kind === 'none' ? 'exact' : 'approximate' });
  });

  it('come each once and none is missed, page by page', async () => {
    const { pairs, pages } = await walkAll(made, 60);
    expect(namesOf(pairs)).toEqual(expected);
    expect(pages).toBeGreaterThan(expected.length / 60);
  });

  it('have their similarity and what is known of both', async () => {
    const walk = new DuplicateWalk(
      { database: db.database, embeddings: made.embeddings },
      { model: made.model, first: 5, minSimilarity: MIN_SIMILARITY },
    );
    const { pairs } = await walk.from(null);
    const byId = new Map(rows.map((row) => [row.imageId, row]));
    for (const { one, other, similarity } of pairs) {
      const [first, second] = [byId.get(one.imageId), byId.get(other.imageId)];
      expect([first?.productId, second?.productId]).toEqual([one.productId, other.productId]);
      expect(similarity).toBeCloseTo(first && second ? cosine(first.vector, second.vector) : NaN, 2);
    }
    expect(pairs).toHaveLength(5);
  });
});
