import { createClient } from 'graphql-ws';
import { afterEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { makeDeterministicEncoder } from '../support/deterministic-encoder.js';
import { testPhotograph } from '../support/test-photographs.js';
import { ADMIN_TOKEN, startTestShop, type TestShop } from '../support/test-shop.js';

const SECRET = 'postgres://admin:hunter2@10.0.0.7/vectors';

const MASKED = {
  message: expect.stringMatching(
    /^Something went wrong here\. The log of the server has more under the request id [0-9a-f-]{36}\.$/,
  ) as string,
  extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) as string },
};

let shop: TestShop;

afterEach(() => shop.close());

/** Makes every statement on the models fail with an error that names the secret; from one moment to the next. */
async function plantSecret(): Promise<void> {
  await shop.vectors.transaction(async (tx) => {
    await tx.query('alter table embedding_models rename to hidden_models');
    await tx.query(
      `create function leak() returns table (name text, dimensions int, revision bigint, updated_at timestamptz)
       language plpgsql as $$ begin raise exception '${SECRET}'; end $$`,
    );
    await tx.query('create view embedding_models as select * from leak()');
  });
}

async function removeSecret(): Promise<void> {
  await shop.vectors.transaction(async (tx) => {
    await tx.query('drop view embedding_models');
    await tx.query('drop function leak');
    await tx.query('alter table hidden_models rename to embedding_models');
  });
}

describe('an error that nobody foresaw', () => {
  it('is masked over HTTP', async () => {
    const encoder = { ...makeDeterministicEncoder(), encode: () => Promise.reject(new Error(SECRET)) };
    shop = await startTestShop({ products: 1, overrides: { encoder } });
    const answer = await shop.upload(
      await testPhotograph(1),
      'query ($image: Upload) { similarProducts(image: $image) { status } }',
    );
    expect(answer.errors).toEqual([{ ...MASKED, path: ['similarProducts'] }]);
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });

  it('is masked over sockets, when it comes in the middle of a stream too, and leaves the socket open', async () => {
    shop = await startTestShop({ products: 1 });
    const client = createClient({
      url: `${shop.app.url.replace('http', 'ws')}graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${ADMIN_TOKEN}` },
      retryAttempts: 0,
    });
    const query = 'subscription { embeddingStatus { sequence } }';
    const stream = client.iterate({ query });
    expect((await stream.next()).value).toHaveProperty('data');
    await plantSecret();
    const [middle, end] = [await stream.next(), await stream.next()];
    const atStart = await client.iterate({ query }).next();
    await removeSecret();
    expect(middle.value).toEqual({ errors: [MASKED] });
    expect(end.done).toBe(true);
    expect(atStart.value).toMatchObject({ errors: [{ ...MASKED, path: ['embeddingStatus'] }] });
    expect((await client.iterate({ query }).next()).value).toHaveProperty('data');
    expect(JSON.stringify([middle, atStart])).not.toContain('hunter2');
    await client.dispose();
  });
});
