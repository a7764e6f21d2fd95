-- Runs that any number of workers share, that an admin can steer, and that keep what failed.

-- The work of an active run was cut in another form.
update embedding_backfills
  set state = 'FAILED', finished_at = now(), updated_at = now(), worker_id = null, lease_expires_at = null,
    error = 'Lookalike was updated while it was active. Start a new one: what is embedded stays.'
  where state in ('PENDING', 'RUNNING', 'PAUSED');

drop table embedding_backfill_chunks;

alter table embedding_backfills
  drop constraint embedding_backfills_scope_check,
  add constraint embedding_backfills_scope_check check (scope in ('MISSING', 'STALE', 'FAILED', 'ALL')),
  -- A run is held job by job now.
  drop column worker_id,
  drop column lease_expires_at,
  -- The rate is that of all workers together: it is read from the samples below.
  drop column images_per_second,
  -- The products that the run is limited to; null where it goes over all.
  add column product_ids text[],
  -- Since when it runs without a pause: what the rate is taken over.
  add column running_since timestamptz,
  -- Sums over the embedded images, in milliseconds.
  add column download_ms bigint not null default 0,
  add column decode_ms bigint not null default 0,
  add column encode_ms bigint not null default 0,
  add column store_ms bigint not null default 0;

-- The parts of a run, each done by one worker at a time. A row is the truth; a job of the queue only says that a worker may
-- take it. PLAN cuts the run into chunks, CHUNK embeds a range of image keys (after < key <= until, each null where
-- the range is open) or the images listed, FINISH removes what left the catalogue and ends the run.
create table embedding_backfill_jobs (
  backfill_id uuid not null references embedding_backfills (id) on delete cascade,
  number integer not null check (number >= 0),
  kind text not null check (kind in ('PLAN', 'CHUNK', 'FINISH')),
  after_image_id text,
  until_image_id text,
  image_ids text[],
  -- Everything up to this image is done; null while nothing is.
  checkpoint_image_id text,
  -- The one job of the queue that stands for this row: any other that names it is out of date. Null while the run is paused.
  queue_job_id uuid,
  -- The claim of the worker that has it, a new one each time it is taken, and until when it holds. One whose lease ran out
  -- commits nothing more.
  worker_id uuid,
  lease_expires_at timestamptz,
  -- How often it ended in a way that nobody foresaw.
  unforeseen_ends integer not null default 0,
  updated_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (backfill_id, number),
  check ((worker_id is null) = (lease_expires_at is null)),
  check (worker_id is null or finished_at is null)
);

-- Which jobs of a run are left. The lease is in no index, so that renewing it stays cheap.
create index embedding_backfill_jobs_open on embedding_backfill_jobs (backfill_id, number) where finished_at is null;

-- What was done lately, by all workers of a run: the rate is read from it. Old rows go with every new one.
create table embedding_backfill_samples (
  backfill_id uuid not null references embedding_backfills (id) on delete cascade,
  stored_at timestamptz not null default now(),
  images integer not null
);

-- The samples of the last half minute.
create index embedding_backfill_samples_lately on embedding_backfill_samples (backfill_id, stored_at);

-- What each run could not embed, kept as long as the run is: one row for each image that its count of failures has.
create table embedding_backfill_failures (
  backfill_id uuid not null references embedding_backfills (id) on delete cascade,
  image_id text collate "C" not null,
  product_id text not null,
  image_url text not null,
  reason text not null,
  message text not null,
  http_status integer,
  attempts integer not null check (attempts >= 1),
  first_failed_at timestamptz not null,
  last_failed_at timestamptz not null,
  -- Also the order in which they are listed, page by page.
  primary key (backfill_id, image_id)
);

-- Those of one reason, and how many there are of each.
create index embedding_backfill_failures_reason on embedding_backfill_failures (backfill_id, reason, image_id);

insert into embedding_backfill_failures
  select backfill_id, image_id, product_id, image_url, reason, message, http_status, attempts, first_failed_at, last_failed_at
  from embedding_failures where backfill_id is not null;

-- embedding_failures has one row for each image that can't be embedded as things stand.
alter table embedding_failures
  drop column backfill_id,
  -- As in image_embeddings: a changed image is tried anew.
  add column source_updated_at text,
  -- When a run may try it again by itself; null where it has to change first, or an admin has to ask.
  add column next_try_at timestamptz;

-- What is embedded, besides its URL and the catalogue's time of change: a changed URL with the same bytes costs no inference,
-- and a host that knows the tag sends no bytes at all.
alter table image_embeddings
  add column content_hash bytea,
  add column etag text,
  add column last_modified text;
