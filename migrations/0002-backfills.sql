-- A run that embeds the images that need it. Counts are written in the transaction that stores what they count.
create table embedding_backfills (
  id uuid primary key default gen_random_uuid(),
  model text not null references embedding_models (name),
  scope text not null check (scope in ('MISSING', 'ALL')),
  image_scope text not null check (image_scope in ('main', 'all')),
  state text not null default 'PENDING'
    check (state in ('PENDING', 'RUNNING', 'PAUSED', 'COMPLETED', 'CANCELLED', 'FAILED')),
  -- Null until the run is planned.
  total_count bigint check (total_count >= 0),
  embedded_count bigint not null default 0 check (embedded_count >= 0),
  skipped_count bigint not null default 0 check (skipped_count >= 0),
  failed_count bigint not null default 0 check (failed_count >= 0),
  images_per_second double precision,
  -- The worker that has the run, and until when nobody else may take it. A worker that lost it commits nothing more.
  worker_id uuid,
  lease_expires_at timestamptz,
  error text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  updated_at timestamptz not null default now(),
  finished_at timestamptz,
  check ((state in ('COMPLETED', 'CANCELLED', 'FAILED')) = (finished_at is not null)),
  check ((worker_id is null) = (lease_expires_at is null))
);

-- At most one active run a model: of two starts at once, one meets this index.
create unique index embedding_backfills_active on embedding_backfills (model)
  where state in ('PENDING', 'RUNNING', 'PAUSED');

-- The list of runs, newest first, in keyset pages.
create index embedding_backfills_newest on embedding_backfills (created_at desc, id desc);

-- A range of image keys of a run: after_image_id < key <= until_image_id, each null where the range is open.
create table embedding_backfill_chunks (
  backfill_id uuid not null references embedding_backfills (id) on delete cascade,
  number integer not null check (number >= 0),
  after_image_id text,
  until_image_id text,
  -- Everything up to this key is done; null while nothing is.
  checkpoint_image_id text,
  finished_at timestamptz,
  primary key (backfill_id, number)
);

-- An image that could not be embedded, until it is embedded or leaves the catalogue.
create table embedding_failures (
  model_version text not null references embedding_models (name),
  image_id text not null,
  product_id text not null,
  image_url text not null,
  reason text not null check (reason in (
    'NOT_FOUND', 'GONE', 'FORBIDDEN', 'TIMEOUT', 'HOST_UNREACHABLE', 'TLS', 'BLOCKED_ADDRESS', 'TOO_LARGE',
    'NOT_AN_IMAGE', 'CORRUPT', 'UNSUPPORTED_FORMAT', 'EMPTY', 'REDIRECT_LOOP', 'INTERNAL'
  )),
  message text not null,
  http_status integer,
  attempts integer not null default 1 check (attempts >= 1),
  first_failed_at timestamptz not null default now(),
  last_failed_at timestamptz not null default now(),
  -- The run that met it last.
  backfill_id uuid references embedding_backfills (id) on delete set null,
  primary key (model_version, image_id)
);

-- The failures of a run, in keyset pages by image.
create index embedding_failures_of_backfill on embedding_failures (backfill_id, image_id);

-- Whatever changes about a run makes the model's revision rise: it is the `sequence` that watchers see, the same from every
-- process. A renewed lease alone does not count.
create function bump_model_revision() returns trigger language plpgsql as $$
begin
  update embedding_models set revision = revision + 1, updated_at = now() where name = new.model;
  return null;
end $$;

create trigger embedding_backfills_revision
  after insert or update of state, total_count, embedded_count, skipped_count, failed_count, error on embedding_backfills
  for each row execute function bump_model_revision();
