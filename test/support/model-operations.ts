import { until } from './until.js';
import type { UserError } from './backfill-operations.js';
import type { Client, TestShop } from './test-shop.js';

/** A model as clients see it. */
export interface SeenModel {
  name: string;
  dimensions: number;
  state: string;
  embeddings: number;
  coverage: { total: number; embedded: number; missing: number; stale: number; failed: number };
  activatedAt: string | null;
}

const MODELS = `{ embeddingModels {
  name dimensions state embeddings activatedAt coverage { total embedded missing stale failed }
} }`;

const ACTIVATE = `mutation ($input: ActivateEmbeddingModelInput!) {
  activateEmbeddingModel(input: $input) {
    model { name state } previousModel { name state } userErrors { field code message }
  }
}`;

const DROP = `mutation ($input: DropEmbeddingModelInput!) {
  dropEmbeddingModel(input: $input) { droppedModel userErrors { field code message } }
}`;

export interface ActivationPayload {
  model: Pick<SeenModel, 'name' | 'state'> | null;
  previousModel: Pick<SeenModel, 'name' | 'state'> | null;
  userErrors: UserError[];
}

export interface DropPayload {
  droppedModel: string | null;
  userErrors: UserError[];
}

async function dataOf<Data>(client: Client, query: string, variables: Record<string, unknown> = {}): Promise<Data> {
  const { data, errors } = await client.asAdmin(query, variables);
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data as Data;
}

/** The models that there is room for, by their names. */
export async function seenModels(client: Client): Promise<Record<string, SeenModel>> {
  const { embeddingModels } = await dataOf<{ embeddingModels: SeenModel[] }>(client, MODELS);
  return Object.fromEntries(embeddingModels.map((model) => [model.name, model]));
}

/** Lets a model answer searches, or does not: what came of it. */
export async function activationPayload(
  client: Client,
  input: { model: string; minCoverage?: number },
): Promise<ActivationPayload> {
  const { activateEmbeddingModel } = await dataOf<{ activateEmbeddingModel: ActivationPayload }>(client, ACTIVATE, {
    input,
  });
  return activateEmbeddingModel;
}

/** Drops a model, or does not: what came of it. */
export async function dropPayload(client: Client, model: string): Promise<DropPayload> {
  const { dropEmbeddingModel } = await dataOf<{ dropEmbeddingModel: DropPayload }>(client, DROP, { input: { model } });
  return dropEmbeddingModel;
}

/** What a server answers of products that look like one, and the model that compared them. */
export interface SeenAnswer {
  model: string;
  edges: { similarity: number; node: { id: string } }[];
}

const FIELDS = `model { name } edges { similarity node { id } }`;

type RawAnswer = Omit<SeenAnswer, 'model'> & { model: { name: string } };

export async function likeProduct(client: Client, id: string): Promise<SeenAnswer> {
  const query = `query ($id: ID!) { similarToProduct(id: $id, limit: 5) { ${FIELDS} } }`;
  const { similarToProduct } = await dataOf<{ similarToProduct: RawAnswer }>(client, query, { id });
  return { ...similarToProduct, model: similarToProduct.model.name };
}

export async function likePhotograph(client: Client, photograph: Buffer): Promise<SeenAnswer> {
  const query = `query ($image: Upload) { similarProducts(image: $image, limit: 5) { ${FIELDS} } }`;
  const { data, errors } = await client.upload(photograph, query);
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  const { similarProducts } = data as { similarProducts: RawAnswer };
  return { ...similarProducts, model: similarProducts.model.name };
}

/** Waits until a server answers with a model. */
export async function untilAnswersWith(client: Client, model: string): Promise<void> {
  await until(`${model} answers`, async () => (await likeProduct(client, '1')).model === model);
}

/** The rows of the tables that belong to a model. */
export async function rowsOf({ vectors }: Pick<TestShop, 'vectors'>, model: string): Promise<Record<string, number>> {
  const [row] = await vectors.query<Record<string, number>>(
    `select (select count(*)::int from embedding_models where name = $1::text) as models,
       (select count(*)::int from image_embeddings where model_version = $1::text) as embeddings,
       (select count(*)::int from embedding_failures where model_version = $1::text) as failures,
       (select count(*)::int from embedding_backfills where model = $1::text) as backfills,
       (select count(*)::int from query_images where model = $1::text) as "queryImages"`,
    [model],
  );
  return row ?? {};
}
