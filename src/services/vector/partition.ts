import { createHash } from 'node:crypto';
import type { Database, Queryable } from '../../db/database.js';
import { ModelUnavailableError } from '../../errors.js';
import type { ModelIdentity } from '../../types.js';

const MAX_SLUG_LENGTH = 24;

/**
 * Name of the table that holds a model's embeddings: `image_embeddings_clip_vit_b_32_` and eight digits of a hash, which
 * keep names apart that look alike. At most 50 characters, of which none needs quotes, so an index name fits too.
 */
export function partitionName(modelName: string): string {
  const slug = modelName
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .slice(0, MAX_SLUG_LENGTH);
  const hash = createHash('sha256').update(modelName).digest('hex').slice(0, 8);
  return `image_embeddings_${slug}_${hash}`;
}

/** A model and what CLIP_MODEL has to be for a process to load it; null where that is its name. */
export interface ModelOrigin extends ModelIdentity {
  source: string | null;
}

/**
 * Makes room for a model's embeddings where there is none yet, and keeps where the model comes from. Any number of processes
 * may do so at once.
 *
 * @throws ModelUnavailableError where the model is known with another dimension.
 */
export async function ensurePartition(database: Database, model: ModelOrigin): Promise<void> {
  const state = await partitionState(database, model);
  if (!state.isThere) await database.transaction((tx) => createPartition(tx, model));
  if (model.source !== null && model.source !== state.source) await keepSource(database, model);
}

async function keepSource(database: Database, { name, source }: ModelOrigin): Promise<void> {
  await database.query(`update embedding_models set source = $2::text where name = $1::text`, [name, source]);
}

async function createPartition(tx: Queryable, model: ModelIdentity): Promise<void> {
  await tx.query(
    `insert into embedding_models (name, dimensions) values ($1::text, $2::int) on conflict (name) do nothing`,
    [model.name, model.dimensions],
  );
  // Whoever is first has the row until the partition is there; the others wait here and then find it.
  await tx.query(`select 1 from embedding_models where name = $1::text for update`, [model.name]);
  const state = await partitionState(tx, model);
  if (!state.isThere) await attachPartition(tx, model);
}

/**
 * Takes the table of a model's embeddings, and the one that it is a part of. Searches of other models go on: they name their own
 * tables. Storing embeddings of any model waits until the transaction ends.
 */
export async function lockPartition(modelName: string, tx: Queryable): Promise<void> {
  const partition = partitionName(modelName);
  await tx.query(`lock table only image_embeddings in access exclusive mode`);
  const [row] = await tx.query<{ isThere: boolean }>(`select to_regclass($1::text) is not null as "isThere"`, [
    partition,
  ]);
  if (row?.isThere === true) await tx.query(`lock table ${partition} in access exclusive mode`);
}

/** Removes the table of a model's embeddings; to be called with it locked. */
export async function dropPartition(modelName: string, tx: Queryable): Promise<void> {
  await tx.query(`drop table if exists ${partitionName(modelName)}`);
}

/** @throws ModelUnavailableError where the model is known with another dimension. */
async function partitionState(
  on: Queryable,
  model: ModelIdentity,
): Promise<{ isThere: boolean; source: string | null }> {
  const [row] = await on.query<{ dimensions: number; source: string | null; isThere: boolean }>(
    `select dimensions, source, to_regclass($2::text) is not null as "isThere" from embedding_models where name = $1::text`,
    [model.name, partitionName(model.name)],
  );
  if (row !== undefined) checkDimensions(model, row.dimensions);
  return { isThere: row?.isThere ?? false, source: row?.source ?? null };
}

/** Attaching an empty table locks less of its parent than `create table ... partition of`: searches go on meanwhile. */
async function attachPartition(tx: Queryable, { name, dimensions }: ModelIdentity): Promise<void> {
  const partition = partitionName(name);
  await tx.query(
    `create table ${partition} (
       like image_embeddings including defaults including storage,
       check (vector_dims(image_embedding) = ${Math.trunc(dimensions)})
     )`,
  );
  // A statement that defines something takes no parameters; the server quotes the name.
  const [row] = await tx.query<{ sql: string }>(
    `select format('alter table image_embeddings attach partition ${partition} for values in (%L)', $1::text) as sql`,
    [name],
  );
  if (row !== undefined) await tx.query(row.sql);
}

/**
 * @param known - the length of the model's stored vectors.
 * @throws ModelUnavailableError where it is another one now.
 */
export function checkDimensions({ name, dimensions }: ModelIdentity, known: number): void {
  if (known === dimensions) return;
  throw new ModelUnavailableError(
    `The model "${name}" makes vectors of ${dimensions} numbers, but its stored embeddings have ${known}: it is another model under the same name. Give it a name of its own.`,
  );
}
