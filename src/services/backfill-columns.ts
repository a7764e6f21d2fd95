import { LEASE_SECONDS } from './backfill-job-store.js';

/** Over how long the rate is taken: long enough to be calm, short enough to follow a change. */
export const RATE_SECONDS = 30;

/** Whether a worker has any of the run. */
const IS_HELD = `exists (
    select from embedding_backfill_jobs j where j.backfill_id = b.id and j.finished_at is null and j.lease_expires_at > now()
  )`;

/** A worker that is killed says nothing: a run that nobody has had for a while waits, whatever was written of it. */
const STATE = `
  case when b.state = 'RUNNING' and b.updated_at < now() - make_interval(secs => ${LEASE_SECONDS}) and not ${IS_HELD}
    then 'PENDING' else b.state end`;

/** Null while no worker has any of the run: then nothing says when it goes on. */
const IMAGES_PER_SECOND = `
  case when b.state = 'RUNNING' and ${IS_HELD} then (
    select sum(s.images) / greatest(1, least(${RATE_SECONDS}, extract(epoch from now() - b.running_since)))
    from embedding_backfill_samples s
    where s.backfill_id = b.id
      and s.stored_at > greatest(b.running_since, now() - make_interval(secs => ${RATE_SECONDS}))
  )::float8 end`;

/** The columns of a run, of `embedding_backfills b`. */
export const RUN_COLUMNS = `
  b.id::text, b.model, b.scope, b.image_scope as "imageScope", b.product_ids as "productIds", ${STATE} as state,
  json_build_object(
    'total', b.total_count,
    'processed', b.embedded_count + b.skipped_count + b.failed_count,
    'embedded', b.embedded_count, 'skipped', b.skipped_count, 'failed', b.failed_count
  ) as counts,
  ${IMAGES_PER_SECOND} as "imagesPerSecond",
  case when b.embedded_count > 0 then json_build_object(
    'downloadMs', b.download_ms::float8 / b.embedded_count, 'decodeMs', b.decode_ms::float8 / b.embedded_count,
    'encodeMs', b.encode_ms::float8 / b.embedded_count, 'storeMs', b.store_ms::float8 / b.embedded_count
  ) end as stages,
  ${isoTime('b.created_at')} as "createdAt", ${isoTime('b.started_at')} as "startedAt",
  ${isoTime('b.updated_at')} as "updatedAt", ${isoTime('b.finished_at')} as "finishedAt", b.error`;

/** ISO 8601 with milliseconds in UTC, the same from every session whatever its settings. */
export function isoTime(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
