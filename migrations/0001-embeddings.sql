-- Models and their embeddings. pgvector itself is added before any migration runs (src/db/migrate.ts), since a server
-- without it, or a user without the right to add it, deserves a sentence of its own.

create table embedding_models (
  name text primary key,
  dimensions int not null check (dimensions between 1 and 3500),
  created_at timestamptz not null default now(),
  -- Rises with every change of the model's embeddings, so that whoever caches answers knows when they are old.
  revision bigint not null default 0,
  updated_at timestamptz not null default now()
);

-- One partition a model, made when the model is first used, with the model's own dimension and its own index: models live
-- side by side, and dropping one is dropping a table.
create table image_embeddings (
  model_version text not null references embedding_models (name),
  image_id text collate "C" not null,
  product_id text collate "C" not null,
  image_url text not null,
  -- L2-normalised. Half precision: a row of 512 or 768 single floats passes the limit of 2,000 bytes at which Postgres
  -- moves values out of line, and a search would fetch each of them by itself.
  image_embedding halfvec not null,
  is_main_image boolean not null,
  -- What the catalogue said when it was embedded, word for word: it is compared with what it says later. Null where it said
  -- nothing.
  source_updated_at text,
  embedded_at timestamptz not null default now(),
  -- The run that embedded it, so that one that was interrupted knows its own work. Runs are forgotten before embeddings are,
  -- hence no foreign key.
  backfill_id uuid,
  -- Also the order in which images are listed, page by page.
  primary key (model_version, image_id)
) partition by list (model_version);

-- Never compressed, as 16-bit floats hardly do, and never out of line: 3,500 of them and the rest still fit a page.
alter table image_embeddings alter column image_embedding set storage plain;

-- "More like this product" begins with the embedding of the product's own image.
create index image_embeddings_product on image_embeddings (model_version, product_id);
