import type { Database, Queryable } from '../db/database.js';
import type { ImageFailureReason } from '../errors.js';
import { isoTime } from './backfill-store.js';

/** An image that could not be embedded, as the database has it. Times are ISO 8601. */
export interface ImageFailure {
  imageId: string;
  productId: string;
  imageUrl: string;
  reason: ImageFailureReason;
  /** A sentence for the admin. */
  message: string;
  /** Status of the host's answer; null where there was none. */
  httpStatus: number | null;
  /** Runs that tried the image and failed. */
  attempts: number;
  firstFailedAt: string;
  lastFailedAt: string;
}

/** What a run found out about an image; the database adds attempts and times. */
export type NewImageFailure = Pick<
  ImageFailure,
  'imageId' | 'productId' | 'imageUrl' | 'reason' | 'message' | 'httpStatus'
>;

/** The images that could not be embedded, by model: SQL and rows, no choices. */
export class FailureStore {
  constructor(private readonly database: Database) {}

  /** Adds failures, or counts one more attempt where the image failed before. */
  async record(at: { model: string; backfillId: string }, failures: readonly NewImageFailure[], on: Queryable) {
    await on.query(
      `insert into embedding_failures
         (model_version, backfill_id, image_id, product_id, image_url, reason, message, http_status)
       select $1::text, $2::uuid, failure.* from unnest(
         $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[]) as failure
       on conflict (model_version, image_id) do update set
         backfill_id = excluded.backfill_id, product_id = excluded.product_id, image_url = excluded.image_url,
         reason = excluded.reason, message = excluded.message, http_status = excluded.http_status,
         attempts = embedding_failures.attempts + 1, last_failed_at = now()`,
      [
        at.model,
        at.backfillId,
        failures.map((failure) => failure.imageId),
        failures.map((failure) => failure.productId),
        failures.map((failure) => failure.imageUrl),
        failures.map((failure) => failure.reason),
        failures.map((failure) => failure.message),
        failures.map((failure) => failure.httpStatus),
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

  /** Of these images, those that have failed, each with the run that met the failure last. */
  async failedAmong(model: string, imageIds: readonly string[]): Promise<Map<string, string | null>> {
    const rows = await this.database.query<{ imageId: string; backfillId: string | null }>(
      `select image_id as "imageId", backfill_id::text as "backfillId" from embedding_failures
       where model_version = $1::text and image_id = any($2::text[])`,
      [model, imageIds],
    );
    return new Map(rows.map((row) => [row.imageId, row.backfillId]));
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

  /** The failures that a run met, in key order after the image `after`. */
  async listOfBackfill(backfillId: string, page: { first: number; after: string | null }): Promise<ImageFailure[]> {
    return this.database.query<ImageFailure>(
      `select image_id as "imageId", product_id as "productId", image_url as "imageUrl", reason, message,
         http_status as "httpStatus", attempts, ${isoTime('first_failed_at')} as "firstFailedAt",
         ${isoTime('last_failed_at')} as "lastFailedAt"
       from embedding_failures
       where backfill_id = $1::uuid and ($2::text is null or image_id > $2::text)
       order by image_id limit $3::int`,
      [backfillId, page.after, page.first],
    );
  }
}
