import type { ModelIdentity } from '../../types.js';
import { encodeVector } from './codec.js';
import type { EmbeddingRow } from './embedding-row.js';

/**
 * The statement that stores embeddings, replacing those of images that have one, with its parameters.
 *
 * @param rows - at least one. Of two rows of one image the later counts.
 * @throws RangeError for a vector that is not the model's.
 */
export function upsertSql(model: ModelIdentity, rows: readonly EmbeddingRow[]): { text: string; values: unknown[] } {
  const values: unknown[] = [model.name];
  const tuples = [...new Map(rows.map((row) => [row.imageId, row])).values()].map((row) => {
    const { length } = values;
    values.push(row.imageId, row.productId, row.imageUrl, row.isMain, row.sourceUpdatedAt, row.backfillId ?? null);
    values.push(row.contentHash ?? null, row.etag ?? null, row.lastModified ?? null);
    values.push(encodeVector(row.vector, model));
    return upsertTuple(length, model.dimensions);
  });
  return { text: `${UPSERT_HEAD} ${tuples.join(',')} ${UPSERT_TAIL}`, values };
}

const UPSERT_HEAD = `
  insert into image_embeddings
    (model_version, image_id, product_id, image_url, is_main_image, source_updated_at, backfill_id, content_hash, etag,
     last_modified, image_embedding)
  values`;

const UPSERT_TAIL = `
  on conflict (model_version, image_id) do update set
    product_id = excluded.product_id, image_url = excluded.image_url, is_main_image = excluded.is_main_image,
    source_updated_at = excluded.source_updated_at, backfill_id = excluded.backfill_id,
    content_hash = excluded.content_hash, etag = excluded.etag, last_modified = excluded.last_modified,
    image_embedding = excluded.image_embedding, embedded_at = now()`;

/** One row of the statement. Its parameters begin after `offset`; the first of all is the model's name. */
function upsertTuple(offset: number, dimensions: number): string {
  const at = (place: number) => `$${offset + place}`;
  const given = ['text', 'text', 'text', 'bool', 'text', 'uuid'].map((type, index) => `${at(index + 1)}::${type}`);
  const fingerprint = [`decode(${at(7)}::text, 'hex')`, `${at(8)}::text`, `${at(9)}::text`];
  const vector = `${at(10)}::vector::halfvec(${Math.trunc(dimensions)})`;
  return `($1::text, ${[...given, ...fingerprint, vector].join(', ')})`;
}
