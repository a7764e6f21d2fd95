import type { Queryable } from '../../db/database.js';
import type { ModelIdentity } from '../../types.js';
import { decodeVector } from './codec.js';
import { partitionName } from './partition.js';

/** A stored embedding that was picked. */
export interface SampledEmbedding {
  productId: string;
  /** `Float32Array` of length `model.dimensions`, L2-normalised but for the rounding of 16-bit floats. */
  vector: Float32Array;
}

/**
 * Picks stored embeddings of a model evenly: the same ones for the same seed, and in the same order, as long as the
 * embeddings are the same. All of them where there are no more than `count`.
 */
export async function sampleEmbeddings(
  on: Queryable,
  model: ModelIdentity,
  { count, seed }: { count: number; seed: number },
): Promise<SampledEmbedding[]> {
  const rows = await on.query<{ productId: string; encoded: Buffer }>(
    `select product_id as "productId", vector_send(image_embedding::vector) as encoded
     from ${partitionName(model.name)}
     order by hashtextextended(image_id, $1::bigint), image_id
     limit $2::int`,
    [seed, count],
  );
  return rows.map(({ productId, encoded }) => ({ productId, vector: decodeVector(encoded) }));
}
