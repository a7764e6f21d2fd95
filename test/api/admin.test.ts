import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, startTestShop, type TestShop } from '../support/test-shop.js';

const LIST = '{ embeddingBackfills { nodes { id } } }';

const ADMIN_OPERATIONS = [
  ['startEmbeddingBackfill', 'mutation { startEmbeddingBackfill { backfill { id } } }'],
  ['a dry run', 'mutation { startEmbeddingBackfill(input: { dryRun: true }) { estimate { total } } }'],
  ['pauseEmbeddingBackfill', 'mutation { pauseEmbeddingBackfill(input: { id: "x" }) { backfill { id } } }'],
  ['resumeEmbeddingBackfill', 'mutation { resumeEmbeddingBackfill(input: { id: "x" }) { backfill { id } } }'],
  ['cancelEmbeddingBackfill', 'mutation { cancelEmbeddingBackfill(input: { id: "x" }) { backfill { id } } }'],
  ['retryFailedImages', 'mutation { retryFailedImages(input: { backfillId: "x" }) { retriedCount } }'],
  ['embeddingBackfill', '{ embeddingBackfill(id: "x") { id } }'],
  ['embeddingBackfills', LIST],
  ['failures', '{ embeddingStatus { backfill { failures { nodes { imageUrl } } } } }'],
  ['failureCounts', '{ embeddingStatus { backfill { failureCounts { count } } } }'],
] as const;

let shop: TestShop;

beforeAll(async () => {
  shop = await startTestShop({ products: 1 });
  await shop.backfill();
});

afterAll(() => shop.close());

async function errorOf(query: string, authorization?: string): Promise<unknown> {
  const { errors } = await shop.query(query, {}, authorization === undefined ? {} : { authorization });
  return errors?.[0];
}

describe('what only admins may do', () => {
  it.each(ADMIN_OPERATIONS)('is refused without a token: %s', async (_field, query) => {
    expect(await errorOf(query)).toMatchObject({
      message:
        'This needs the admin token: send it as "Authorization: Bearer <token>", over WebSocket in connectionParams.',
      extensions: { code: 'UNAUTHENTICATED' },
    });
  });

  it.each(ADMIN_OPERATIONS)('is refused with another token: %s', async (_field, query) => {
    expect(await errorOf(query, 'Bearer another-token-of-some-length')).toMatchObject({
      message:
        'The token is not the right one. The server takes it from ADMIN_TOKEN or READ_TOKEN, or prints it at start.',
      extensions: { code: 'UNAUTHENTICATED' },
    });
  });

  it.each([
    'Bearer',
    'Bearer ',
    ADMIN_TOKEN,
    `Basic ${ADMIN_TOKEN}`,
    `Bearer ${ADMIN_TOKEN}x`,
    `Bearer ${ADMIN_TOKEN.slice(1)}`,
  ])('is refused with "%s"', async (authorization) => {
    expect(await errorOf(ADMIN_OPERATIONS[0][1], authorization)).toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
  });

  it('is done with the token, whatever the case of the scheme', async () => {
    const { data } = await shop.query(LIST, {}, { authorization: `bearer ${ADMIN_TOKEN}` });
    expect(data).toMatchObject({ embeddingBackfills: { nodes: [{}] } });
  });

  it('starts nothing where it is refused', async () => {
    await errorOf(ADMIN_OPERATIONS[0][1]);
    const { data } = await shop.asAdmin(LIST);
    expect(data).toMatchObject({ embeddingBackfills: { nodes: [{}] } });
  });

  it('is no mutation by GET, and no simple form post', async () => {
    const { href } = new URL(`graphql?query=${encodeURIComponent(ADMIN_OPERATIONS[0][1])}`, shop.app.url);
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'apollo-require-preflight': 'true' };
    expect((await fetch(href, { headers })).status).toBe(405);
    const form = await fetch(`${shop.app.url}graphql`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: '{}',
    });
    expect(form.status).toBe(400);
  });
});
