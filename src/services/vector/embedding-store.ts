import type { Database, Queryable } from '../../db/database.js';
import { ServiceUnavailableError } from '../../errors.js';
import type { ModelIdentity } from '../../types.js';
import type { Validators } from '../images/image-source.js';
import { decodeVector, encodeVector } from './codec.js';
import type { EmbeddingRow, StoredEmbedding, StoredImage } from './embedding-row.js';
import { ensurePartition, partitionName, type ModelOrigin } from './partition.js';
import { nearestSql, type MatchKey, type NearestOptions, type SearchForm } from './search-sql.js';
import { upsertSql } from './upsert-sql.js';

/** An image found by a search. Vectors are stored as 16-bit floats, so its distance is right to about three decimals. */
export interface EmbeddingMatch extends MatchKey {
  productId: string;
  /** SHA-256 of the photograph's bytes in hexadecimal; null for what was embedded before it was kept. */
  contentHash: string | null;
}

/** The nearest images, and what else is embedded of their products where the window alone does not tell. */
export interface NearestWindow {
  /** In the order of the search. An IVFFlat index gives several runs one after another, each in order. */
  near: EmbeddingMatch[];
  siblings: EmbeddingMatch[];
}

/** The embedding that stands for a product. */
export interface OwnEmbedding {
  imageId: string;
  /** `Float32Array` of length `model.dimensions`, L2-normalised but for the rounding of 16-bit floats. */
  vector: Float32Array;
  contentHash: string | null;
}

/** Says how the next search of a model should look for its nearest. */
export interface SearchForms {
  searchForm(model: ModelIdentity): Promise<SearchForm>;
}

/** The embeddings, a partition of `image_embeddings` a model: SQL and rows, no choices. */
export class EmbeddingStore {
  constructor(
    private readonly database: Database,
    private readonly forms: SearchForms,
  ) {}

  /**
   * Makes room for a model's embeddings; to be called once before anything else is asked of a model.
   *
   * @param model.source - what CLIP_MODEL has to be for a process to load it; its name by default.
   * @throws ModelUnavailableError where the model is known with another dimension.
   */
  ensureModel(model: ModelIdentity & Partial<ModelOrigin>): Promise<void> {
    return ensurePartition(this.database, { source: null, ...model });
  }

  /** What is stored of these images, by image id. Those that are not embedded are not in it. */
  async storedImages(
    model: Pick<ModelIdentity, 'name'>,
    imageIds: readonly string[],
  ): Promise<Map<string, StoredEmbedding>> {
    const rows = await this.database.query<StoredEmbedding>(
      `select image_id as "imageId", product_id as "productId", image_url as "imageUrl", is_main_image as "isMain",
         source_updated_at as "sourceUpdatedAt", encode(content_hash, 'hex') as "contentHash", etag,
         last_modified as "lastModified", backfill_id::text as "backfillId"
       from image_embeddings where model_version = $1::text and image_id = any($2::text[])`,
      [model.name, imageIds],
    );
    return new Map(rows.map((row) => [row.imageId, row]));
  }

  /**
   * Stores embeddings in one statement; those of images that have one are replaced.
   *
   * @param rows - at most 1,000. Of two rows of one image the later counts.
   * @throws RangeError for a vector that is not the model's, before anything is stored.
   */
  async upsert(model: ModelIdentity, rows: readonly EmbeddingRow[], on: Queryable = this.database): Promise<void> {
    if (rows.length === 0) return;
    const { text, values } = upsertSql(model, rows);
    await on.query(text, values);
  }

  /** Of these images, those that the run embedded. */
  async embeddedIn(
    model: ModelIdentity,
    { backfillId, imageIds }: { backfillId: string; imageIds: readonly string[] },
    on: Queryable,
  ): Promise<Set<string>> {
    const rows = await on.query<{ id: string }>(
      `select image_id as id from image_embeddings
       where model_version = $1::text and image_id = any($2::text[]) and backfill_id = $3::uuid`,
      [model.name, imageIds, backfillId],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Writes what catalogue and host say of images now and keeps their vectors. Those that have none are passed over. */
  async relink(
    model: ModelIdentity,
    rows: readonly (StoredImage & Validators)[],
    on: Queryable = this.database,
  ): Promise<void> {
    await on.query(
      `update image_embeddings e
       set product_id = n.product_id, image_url = n.image_url, is_main_image = n.is_main, source_updated_at = n.updated_at,
         etag = n.etag, last_modified = n.last_modified
       from unnest($2::text[], $3::text[], $4::text[], $5::bool[], $6::text[], $7::text[], $8::text[])
         as n (image_id, product_id, image_url, is_main, updated_at, etag, last_modified)
       where e.model_version = $1::text and e.image_id = n.image_id`,
      [
        model.name,
        rows.map((row) => row.imageId),
        rows.map((row) => row.productId),
        rows.map((row) => row.imageUrl),
        rows.map((row) => row.isMain),
        rows.map((row) => row.sourceUpdatedAt),
        rows.map((row) => row.etag),
        rows.map((row) => row.lastModified),
      ],
    );
  }

  async removeImages(model: ModelIdentity, imageIds: readonly string[], on: Queryable = this.database): Promise<void> {
    await on.query(`delete from image_embeddings where model_version = $1::text and image_id = any($2::text[])`, [
      model.name,
      imageIds,
    ]);
  }

  /** The ids of embedded images in the order of their bytes, from the first after `afterId`. Empty at the end. */
  async imageIdsAfter(model: ModelIdentity, afterId: string | null, limit: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `select image_id as id from image_embeddings
       where model_version = $1::text and ($2::text is null or image_id > $2::text collate "C")
       order by image_id collate "C" limit $3::int`,
      [model.name, afterId, limit],
    );
    return rows.map(({ id }) => id);
  }

  async countRows(model: Pick<ModelIdentity, 'name'>): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `select count(*)::float8 as count from image_embeddings where model_version = $1::text`,
      [model.name],
    );
    return row?.count ?? 0;
  }

  /** How the next search of the model should look for its nearest. */
  searchForm(model: ModelIdentity): Promise<SearchForm> {
    return this.forms.searchForm(model);
  }

  /**
   * The images nearest to a vector, the nearest first as far as the form of the search knows it.
   *
   * @param vector - of length `model.dimensions`, L2-normalised.
   * @throws RangeError for any other vector.
   */
  async nearest(
    model: ModelIdentity,
    vector: Float32Array,
    options: NearestOptions,
    on: Queryable = this.database,
  ): Promise<NearestWindow> {
    const { text, values } = nearestSql(model, encodeVector(vector, model), options);
    const rows = await on.query<EmbeddingMatch & { isNear: boolean }>(text, values).catch(orDropped(model));
    return {
      near: rows.filter(({ isNear }) => isNear),
      siblings: rows.filter(({ isNear }) => !isNear),
    };
  }

  /**
   * What stands for each of these products in a search: its main image where that is embedded, else its first.
   *
   * @returns By product id; without those of which nothing is embedded.
   */
  async ownEmbeddings(model: ModelIdentity, productIds: readonly string[]): Promise<Map<string, OwnEmbedding>> {
    const reading = this.database.query<Omit<OwnEmbedding, 'vector'> & { productId: string; encoded: Buffer }>(
      `select distinct on (product_id) product_id as "productId", image_id as "imageId",
         encode(content_hash, 'hex') as "contentHash", vector_send(image_embedding::vector) as encoded
       from ${partitionName(model.name)} where model_version = $1::text and product_id = any($2::text[])
       order by product_id, is_main_image desc, image_id`,
      [model.name, productIds],
    );
    const rows = await reading.catch(orDropped(model));
    return new Map(
      rows.map(({ productId, encoded, ...own }) => [productId, { ...own, vector: decodeVector(encoded) }]),
    );
  }
}

const UNDEFINED_TABLE = '42P01';

/** Processes know of a switch within a second; meanwhile the model that answered before may be gone. */
function orDropped({ name }: ModelIdentity): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof Error && 'code' in error && error.code === UNDEFINED_TABLE)) throw error;
    const message = `The model "${name}" has just been dropped: try again in a moment.`;
    throw new ServiceUnavailableError(message, { details: { retryAfterMs: 1000 }, cause: error });
  };
}

/** The order of a ranking: the nearest first, and among equals by id, in the order of its bytes as the database has it. */
export function compareKeys(one: MatchKey, other: MatchKey): number {
  return one.distance - other.distance || Buffer.compare(Buffer.from(one.imageId), Buffer.from(other.imageId));
}
