-- Several models side by side, one of which answers, and photographs that are searched with more than once.

alter table embedding_models
  -- What CLIP_MODEL has to be for a process to load it: a short name, a hub id, or the absolute path of a folder. Null for what
  -- was made before it was kept; then the name serves.
  add column source text,
  -- Whether searches are answered with it.
  add column is_active boolean not null default false,
  add column activated_at timestamptz;

-- At most one model answers.
create unique index embedding_models_active on embedding_models (is_active) where is_active;

-- So far the configured one answered, which is nearly always the one with the most embeddings.
update embedding_models set is_active = true, activated_at = now()
  where name = (
    select model_version from image_embeddings group by model_version order by count(*) desc, model_version limit 1
  );

-- A photograph that somebody searches with: its vector, never its bytes.
create table query_images (
  -- Random, and known to whoever made it only.
  id text collate "C" primary key,
  model text not null references embedding_models (name) on delete cascade,
  -- L2-normalised, in full precision: the answer is to be the same as for the photograph itself.
  embedding vector not null,
  -- SHA-256 of the photograph's bytes, and of the region where it is a part, for telling the very same picture from one that
  -- looks like it.
  content_hash bytea not null,
  -- Of the whole photograph, upright, in pixels.
  width integer not null check (width > 0),
  height integer not null check (height > 0),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);

-- Those that are to be cleared away.
create index query_images_expiry on query_images (expires_at);

-- What cursors are signed with, the same for every process. UUIDs of Postgres are made of strong random bits.
create table cursor_secret (
  is_only boolean primary key default true check (is_only),
  secret bytea not null
);
insert into cursor_secret (secret)
  values (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));
