import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeDeterministicEncoder } from '../support/deterministic-encoder.js';
import {
  activationPayload,
  dropPayload,
  likeProduct,
  rowsOf,
  seenModels,
  type ActivationPayload,
} from '../support/model-operations.js';
import { makeQueryImage } from '../support/query-images.js';
import { testPhotograph } from '../support/test-photographs.js';
import { ADMIN_TOKEN, startTestShop, type TestShop } from '../support/test-shop.js';

/** Another model: coarser, with shorter vectors. */
const COARSE = 'coarse';

let shop: TestShop;

const startShop = (products: number, env: Record<string, string> = {}): Promise<TestShop> =>
  startTestShop({ products, env, overrides: { encoders: [makeDeterministicEncoder({ name: COARSE })] } });

describe('activateEmbeddingModel', () => {
  beforeAll(async () => {
    shop = await startShop(4);
    await shop.backfill();
    await shop.backfill({ model: COARSE, productIds: ['1', '2', '3'] });
  });

  afterAll(() => shop.close());

  const refusal = (field: string, code: string, message: string): ActivationPayload => ({
    model: null,
    previousModel: null,
    userErrors: [{ field: ['input', field], code, message }],
  });

  it('refuses a model that has embedded too little, with both figures', async () => {
    const tooLittle = (minCoverage: number): ActivationPayload =>
      refusal(
        'minCoverage',
        'CONFLICT',
        `The model "coarse" has embedded 3 of 4 images, a coverage of 0.75, and \`minCoverage\` is ${minCoverage}. ` +
          'Run a backfill with this model first, or give a lower `minCoverage`.',
      );
    expect(await activationPayload(shop, { model: COARSE })).toEqual(tooLittle(0.95));
    expect(await activationPayload(shop, { model: COARSE, minCoverage: 0.76 })).toEqual(tooLittle(0.76));
    expect((await likeProduct(shop, '1')).model).toBe('deterministic');
  });

  it('counts changed images as covered, and takes a model that has exactly what is asked', async () => {
    await shop.changeCatalogue(`update product_images set image_url = '9.jpg' where id = 1`);
    expect(await activationPayload(shop, { model: COARSE, minCoverage: 0.75 })).toMatchObject({
      model: { name: COARSE },
      userErrors: [],
    });
    expect(await activationPayload(shop, { model: 'deterministic' })).toMatchObject({ userErrors: [] });
  });

  it('changes nothing where the model answers already', async () => {
    const before = (await seenModels(shop)).deterministic;
    expect(await activationPayload(shop, { model: 'deterministic', minCoverage: 1 })).toEqual({
      model: { name: 'deterministic', state: 'ACTIVE' },
      previousModel: null,
      userErrors: [],
    });
    expect((await seenModels(shop)).deterministic?.activatedAt).toBe(before?.activatedAt);
  });

  it.each([-0.01, 1.01, 95])('refuses %d as a share', async (minCoverage) => {
    expect(await activationPayload(shop, { model: COARSE, minCoverage })).toEqual(
      refusal('minCoverage', 'BAD_USER_INPUT', `\`minCoverage\` must be from 0 to 1, and ${minCoverage} is not.`),
    );
  });

  it('refuses a model that there is no room for, though it could be had', async () => {
    expect(await activationPayload(shop, { model: 'clip-ViT-B-32', minCoverage: 0 })).toEqual(
      refusal('model', 'NOT_FOUND', 'There is no model "clip-ViT-B-32" here. There are: coarse, deterministic.'),
    );
  });

  it('takes an empty catalogue for one of which nothing is embedded', async () => {
    await shop.changeCatalogue('delete from product_images');
    expect(await activationPayload(shop, { model: COARSE, minCoverage: 0.01 })).toEqual(
      refusal(
        'minCoverage',
        'CONFLICT',
        'The model "coarse" has embedded 0 of 0 images, a coverage of 0, and `minCoverage` is 0.01. ' +
          'Run a backfill with this model first, or give a lower `minCoverage`.',
      ),
    );
    expect(await activationPayload(shop, { model: COARSE, minCoverage: 0 })).toMatchObject({ userErrors: [] });
  });
});

describe('dropEmbeddingModel', () => {
  beforeEach(async () => {
    shop = await startShop(3);
    await shop.backfill();
  });

  afterEach(() => shop.close());

  const conflict = (message: string) => ({
    droppedModel: null,
    userErrors: [{ field: ['input', 'model'], code: 'CONFLICT', message }],
  });

  it('takes all that belongs to a model, and nothing of another one', async () => {
    await shop.changeCatalogue(`update product_images set image_url = 'none.jpg' where id = 3`);
    expect(await shop.backfill({ model: COARSE })).toMatchObject({ counts: { embedded: 2, failed: 1 } });
    await makeQueryImage(shop, await testPhotograph(1));
    await activationPayload(shop, { model: COARSE, minCoverage: 0.5 });
    await makeQueryImage(shop, await testPhotograph(1));
    await activationPayload(shop, { model: 'deterministic' });
    const kept = await rowsOf(shop, 'deterministic');
    expect(await rowsOf(shop, COARSE)).toEqual({ models: 1, embeddings: 2, failures: 1, backfills: 1, queryImages: 1 });
    expect(await dropPayload(shop, COARSE)).toEqual({ droppedModel: COARSE, userErrors: [] });
    expect(await rowsOf(shop, COARSE)).toEqual({ models: 0, embeddings: 0, failures: 0, backfills: 0, queryImages: 0 });
    expect(await rowsOf(shop, 'deterministic')).toEqual(kept);
    expect(Object.keys(await seenModels(shop))).toEqual(['deterministic']);
    // What is dropped can be had again.
    expect(await shop.backfill({ model: COARSE })).toMatchObject({ counts: { embedded: 2, failed: 1 } });
  });

  it('refuses the model that answers', async () => {
    expect(await dropPayload(shop, 'deterministic')).toEqual(
      conflict('The model "deterministic" answers searches, so it can\'t be dropped. Activate another one first.'),
    );
    expect(await rowsOf(shop, 'deterministic')).toMatchObject({ models: 1, embeddings: 3 });
  });

  it('refuses a model with a backfill that has not ended, and takes it once that is cancelled', async () => {
    await shop.close();
    shop = await startShop(3, { WORKERS: '0' });
    const id = await shop.startBackfill({ model: COARSE });
    expect(await dropPayload(shop, COARSE)).toEqual(
      conflict('The model "coarse" has an active backfill. Wait until it has ended, or cancel it.'),
    );
    const cancel = 'mutation ($id: ID!) { cancelEmbeddingBackfill(input: { id: $id }) { backfill { state } } }';
    expect((await shop.asAdmin(cancel, { id })).data).toMatchObject({
      cancelEmbeddingBackfill: { backfill: { state: 'CANCELLED' } },
    });
    expect(await dropPayload(shop, COARSE)).toEqual({ droppedModel: COARSE, userErrors: [] });
  });

  it('refuses a model that there is not', async () => {
    expect(await dropPayload(shop, 'clip-ViT-B-32')).toEqual({
      droppedModel: null,
      userErrors: [
        {
          field: ['input', 'model'],
          code: 'NOT_FOUND',
          message: 'There is no model "clip-ViT-B-32" here. There are: deterministic.',
        },
      ],
    });
  });

  it('leaves a watcher of the model with a word instead of a silence', async () => {
    await shop.backfill({ model: COARSE });
    await dropPayload(shop, COARSE);
    const answer = await shop.query('query ($model: String) { embeddingStatus(model: $model) { sequence } }', {
      model: COARSE,
    });
    expect(answer.errors).toMatchObject([
      { message: 'There is no model "coarse" here. There are: deterministic.', extensions: { code: 'NOT_FOUND' } },
    ]);
  });
});

describe('what only admins may do with models', () => {
  beforeAll(async () => {
    shop = await startShop(1);
  });

  afterAll(() => shop.close());

  const NEEDS_TOKEN =
    'This needs the admin token: send it as "Authorization: Bearer <token>", over WebSocket in connectionParams.';

  it.each([
    'mutation { activateEmbeddingModel(input: { model: "deterministic" }) { userErrors { code } } }',
    'mutation { dropEmbeddingModel(input: { model: "deterministic" }) { userErrors { code } } }',
    '{ compareEmbeddingModels(productIds: ["1"]) { meanOverlap } }',
  ])('is refused to others: %s', async (operation) => {
    const { errors } = await shop.query(operation);
    expect(errors).toMatchObject([{ message: NEEDS_TOKEN, extensions: { code: 'UNAUTHENTICATED' } }]);
    const wrong = await shop.query(operation, {}, { authorization: `Bearer ${ADMIN_TOKEN}!` });
    expect(wrong.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('and listing them is for all', async () => {
    const { data } = await shop.query('{ embeddingModels { name state } }');
    expect(data).toEqual({ embeddingModels: [{ name: 'deterministic', state: 'ACTIVE' }] });
  });
});
