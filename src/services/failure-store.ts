import type { Database, Queryable } from '../db/database.js';
import type { ImageFailureReason } from '../errors.js';

/** What a run found out about an image; the database adds times. */
export interface NewImageFailure {
  imageId: string;
  productId: string;
  imageUrl: string;
  /** The catalogue's `updatedAt` of the image that was tried. */
  sourceUpdatedAt: string | null;
  reason: ImageFailureReason;
  /** A sentence for the admin. */
  message: string;
  /** Status of the host's answer; null where there was none. */
  httpStatus: number | null;
  /** How often it was tried this time. */
  attempts: number;
  /** Seconds until a run may try it again by itself; null where it has to change first. */
  nextTrySeconds: number | null;
}

/** What is known of an image that can't be embedded as things stand. */
export interface KnownFailure {
  imageUrl: string;
  sourceUpdatedAt: string | null;
  /** How often it was tried, over all runs. */
  attempts: number;
  /** Whether a run may try it by now. */
  isDue: boolean;
}

/** The images that can't be embedded as things stand, by model: SQL and rows, no choices. */
export class FailureStore {
  constructor(private readonly database: Database) {}

  /** Adds failures, or counts further attempts where the image failed before. */
  async record(model: string, failures: readonly NewImageFailure[], on: Queryable): Promise<void> {
    await on.query(
      `insert into embedding_failures
         (model_version, image_id, product_id, image_url, source_updated_at, reason, message, http_status, attempts, next_try_at)
       select $1::text, image_id, product_id, image_url, source_updated_at, reason, message, http_status, attempts,
         now() + make_interval(secs => next_try_seconds)
       from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[], $9::int[], $10::float8[])
         as failure (image_id, product_id, image_url, source_updated_at, reason, message, http_status, attempts, next_try_seconds)
       on conflict (model_version, image_id) do update set
         product_id = excluded.product_id, image_url = excluded.image_url, source_updated_at = excluded.source_updated_at,
         reason = excluded.reason, message = excluded.message, http_status = excluded.http_status,
         attempts = embedding_failures.attempts + excluded.attempts, last_failed_at = now(), next_try_at = excluded.next_try_at`,
      [
        model,
        failures.map((failure) => failure.imageId),
        failures.map((failure) => failure.productId),
        failures.map((failure) => failure.imageUrl),
        failures.map((failure) => failure.sourceUpdatedAt),
        failures.map((failure) => failure.reason),
        failures.map((failure) => failure.message),
        failures.map((failure) => failure.httpStatus),
        failures.map((failure) => failure.attempts),
        failures.map((failure) => failure.nextTrySeconds),
      ],
    );
  }

  /** Forgets the failures of these images: they are embedded now, or gone from the catalogue. */
  async clear(model: string, imageIds: readonly string[], on: Queryable = this.database): Promise<void> {
    await on.query(`delete from embedding_failures where model_version = $1::text and image_id = any($2::text[])`, [
      model,
      imageIds,
    ]);
  }

  /** Forgets all failures of a model. */
  async removeOf(model: string, tx: Queryable): Promise<void> {
    await tx.query(`delete from embedding_failures where model_version = $1::text`, [model]);
  }

  /** What is known of those of these images that have failed, by image id. */
  async knownAmong(model: string, imageIds: readonly string[]): Promise<Map<string, KnownFailure>> {
    const rows = await this.database.query<KnownFailure & { imageId: string }>(
      `select image_id as "imageId", image_url as "imageUrl", source_updated_at as "sourceUpdatedAt", attempts,
         coalesce(next_try_at <= now(), false) as "isDue"
       from embedding_failures where model_version = $1::text and image_id = any($2::text[])`,
      [model, imageIds],
    );
    return new Map(rows.map((row) => [row.imageId, row]));
  }

  /** Lets any run try these images by now, whatever their failure was. */
  async makeDue(model: string, imageIds: readonly string[], tx: Queryable): Promise<void> {
    await tx.query(
      `update embedding_failures set next_try_at = now() where model_version = $1::text and image_id = any($2::text[])`,
      [model, imageIds],
    );
  }

  /** Image ids with a failure, in key order after `after`. */
  async imageIdsAfter(model: string, after: string | null, limit: number): Promise<string[]> {
    const rows = await this.database.query<{ imageId: string }>(
      `select image_id as "imageId" from embedding_failures
       where model_version = $1::text and ($2::text is null or image_id > $2::text)
       order by image_id limit $3::int`,
      [model, after, limit],
    );
    return rows.map((row) => row.imageId);
  }
}
