import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collect, connect, disposeClients, getStream } from '../support/event-stream-client.js';
import { ADMIN_TOKEN, startTestShop, type TestShop } from '../support/test-shop.js';

afterEach(disposeClients);

describe('embeddingStatus', () => {
  const STATUS = `subscription ($id: ID) {
    embeddingStatus(backfillId: $id) {
      sequence
      coverage { total embedded }
      backfill { id state counts { total processed embedded } }
    }
  }`;

  let shop: TestShop;

  beforeEach(async () => {
    shop = await startTestShop({ products: 20, env: { BATCH_SIZE: '3' } });
  });

  afterEach(() => shop.close());

  it('sends where things stand at once, and completes with the final state of the run', async () => {
    const stream = connect(shop.app).iterate({ query: STATUS });
    const first = await stream.next();
    const started = shop.backfill();
    const events = [];
    for await (const event of stream) events.push(event);
    const run = await started;
    expect(first.value).toMatchObject({
      data: { embeddingStatus: { backfill: null, coverage: { total: 20, embedded: 0 } } },
    });
    expect(events.at(-1)).toMatchObject({
      data: {
        embeddingStatus: {
          backfill: { id: run.id, state: 'COMPLETED', counts: { total: 20, processed: 20, embedded: 20 } },
          coverage: { total: 20, embedded: 20 },
        },
      },
    });
  });

  it('is served to an EventSource, comment, event and end', async () => {
    const { id } = await shop.backfill();
    const response = await getStream(shop.app, {
      query: 'subscription ($id: ID) { embeddingStatus(backfillId: $id) { backfill { id state } } }',
      variables: JSON.stringify({ id }),
    });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    });
    const data = JSON.stringify({ data: { embeddingStatus: { backfill: { id, state: 'COMPLETED' } } } });
    expect(await response.text()).toBe(`:\n\nevent: next\ndata: ${data}\n\nevent: complete\ndata:\n\n`);
  });

  it('is refused for a run that there is not', async () => {
    const message = 'There is no backfill with the id "none".';
    expect(await collect(connect(shop.app), { query: STATUS, variables: { id: 'none' } })).toMatchObject([
      { errors: [{ message, extensions: { code: 'NOT_FOUND', argument: 'backfillId' } }] },
    ]);
  });

  it('tells of failures only whom the admin token lets see them', async () => {
    await shop.backfill();
    const query = 'subscription { embeddingStatus { backfill { failures { nodes { imageUrl } } } } }';
    const next = async (headers: Record<string, string>) =>
      (await connect(shop.app, headers).iterate({ query }).next()).value as unknown;
    const refused = { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] };
    expect(await next({})).toMatchObject(refused);
    expect(await next({ authorization: 'Bearer wrong' })).toMatchObject(refused);
    expect(await next({ authorization: `Bearer ${ADMIN_TOKEN}` })).toMatchObject({
      data: { embeddingStatus: { backfill: { failures: { nodes: [] } } } },
    });
  });
});
