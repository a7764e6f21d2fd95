import type { Database, Queryable } from '../db/database.js';
import type { ImageFailureReason } from '../errors.js';
import { isoTime } from './backfill-columns.js';

/** An image that a run could not embed, as the database has it. Times are ISO 8601. */
export interface ImageFailure {
  imageId: string;
  productId: string;
  imageUrl: string;
  reason: ImageFailureReason;
  /** A sentence for the admin. */
  message: string;
  /** Status of the host's answer; null where there was none. */
  httpStatus: number | null;
  /** How often it was tried, over all runs until then. */
  attempts: number;
  firstFailedAt: string;
  lastFailedAt: string;
  /** When a run may try it again by itself; null where it waits for a change or for an admin, and where it is mended. */
  nextTryAt: string | null;
  /** Whether it is embedded by now, or gone from the catalogue. */
  isMended: boolean;
}

export interface FailureFilter {
  /** Null takes every reason. */
  reasons: readonly ImageFailureReason[] | null;
  /** Null takes every image. */
  imageIds: readonly string[] | null;
}

export interface FailurePage {
  first: number;
  after: string | null;
  reason: ImageFailureReason | null;
}

/** What each run could not embed, for as long as the run is kept: SQL and rows, no choices. */
export class BackfillFailureStore {
  constructor(private readonly database: Database) {}

  /** Writes down for a run what is known of these images now. */
  async record(at: { backfillId: string; model: string }, imageIds: readonly string[], tx: Queryable): Promise<void> {
    await tx.query(
      `insert into embedding_backfill_failures
         (backfill_id, image_id, product_id, image_url, reason, message, http_status, attempts, first_failed_at, last_failed_at)
       select $1::uuid, image_id, product_id, image_url, reason, message, http_status, attempts, first_failed_at, last_failed_at
       from embedding_failures where model_version = $2::text and image_id = any($3::text[])
       on conflict (backfill_id, image_id) do update set
         product_id = excluded.product_id, image_url = excluded.image_url, reason = excluded.reason,
         message = excluded.message, http_status = excluded.http_status, attempts = excluded.attempts,
         last_failed_at = excluded.last_failed_at`,
      [at.backfillId, at.model, imageIds],
    );
  }

  /** Strikes images off the list of a run, which tries them again. */
  async remove(backfillId: string, imageIds: readonly string[], tx: Queryable): Promise<void> {
    await tx.query(
      `delete from embedding_backfill_failures where backfill_id = $1::uuid and image_id = any($2::text[])`,
      [backfillId, imageIds],
    );
  }

  /** Of these images, those that the run could not embed. */
  async failedIn(backfillId: string, imageIds: readonly string[], on: Queryable = this.database): Promise<Set<string>> {
    const rows = await on.query<{ imageId: string }>(
      `select image_id as "imageId" from embedding_backfill_failures
       where backfill_id = $1::uuid and image_id = any($2::text[])`,
      [backfillId, imageIds],
    );
    return new Set(rows.map(({ imageId }) => imageId));
  }

  /** The failures that a run met, by image id after `after`. */
  async list(backfillId: string, page: FailurePage): Promise<ImageFailure[]> {
    return this.database.query<ImageFailure>(
      `select f.image_id as "imageId", f.product_id as "productId", f.image_url as "imageUrl", f.reason, f.message,
         f.http_status as "httpStatus", f.attempts, ${isoTime('f.first_failed_at')} as "firstFailedAt",
         ${isoTime('f.last_failed_at')} as "lastFailedAt", ${isoTime('now_failed.next_try_at')} as "nextTryAt",
         now_failed.image_id is null as "isMended"
       from embedding_backfill_failures f
         join embedding_backfills b on b.id = f.backfill_id
         left join embedding_failures now_failed on now_failed.model_version = b.model and now_failed.image_id = f.image_id
       where f.backfill_id = $1::uuid and ($2::text is null or f.image_id > $2::text)
         and ($3::text is null or f.reason = $3::text)
       order by f.image_id limit $4::int`,
      [backfillId, page.after, page.reason, page.first],
    );
  }

  /** How many failures of each reason a run met, most first. */
  async countByReason(backfillId: string): Promise<{ reason: ImageFailureReason; count: number }[]> {
    return this.database.query(
      `select reason, count(*)::float8 as count from embedding_backfill_failures
       where backfill_id = $1::uuid group by reason order by count(*) desc, reason`,
      [backfillId],
    );
  }

  /** Images that a run could not embed and that still can't be, of the filter's. */
  async unmended(backfillId: string, filter: FailureFilter, tx: Queryable): Promise<string[]> {
    const rows = await tx.query<{ imageId: string }>(
      `select f.image_id as "imageId"
       from embedding_backfill_failures f
         join embedding_backfills b on b.id = f.backfill_id
         join embedding_failures now_failed on now_failed.model_version = b.model and now_failed.image_id = f.image_id
       where f.backfill_id = $1::uuid and ($2::text[] is null or f.reason = any($2::text[]))
         and ($3::text[] is null or f.image_id = any($3::text[]))
       order by f.image_id`,
      [backfillId, filter.reasons, filter.imageIds],
    );
    return rows.map(({ imageId }) => imageId);
  }
}
