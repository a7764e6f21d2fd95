import { createClient, type Client, type SubscribePayload } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { ADMIN_TOKEN, startTestShop, type TestShop } from '../support/test-shop.js';

const STATUS = `subscription ($id: ID) {
  embeddingStatus(backfillId: $id) {
    sequence updatedAt model { name }
    coverage { total embedded missing stale failed }
    backfill { id state counts { total processed embedded } }
  }
}`;

interface Status {
  sequence: number;
  coverage: Record<string, number>;
  backfill: { id: string; state: string; counts: Record<string, number> } | null;
}

let shop: TestShop;
const clients: Client[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
});

function connect(connectionParams: Record<string, unknown> = {}): Client {
  const client = createClient({ url: socketUrl(), webSocketImpl: WebSocket, connectionParams, retryAttempts: 0 });
  clients.push(client);
  return client;
}

const socketUrl = () => `${shop.app.url.replace('http', 'ws')}graphql`;

async function collect(client: Client, payload: SubscribePayload) {
  const results = [];
  for await (const result of client.iterate(payload)) results.push(result);
  return results;
}

async function refusalOf(payload: SubscribePayload): Promise<unknown> {
  return collect(connect(), payload).then(
    (results) => results,
    (error: unknown) => error,
  );
}

describe('embeddingStatus', () => {
  beforeEach(async () => {
    shop = await startTestShop({ products: 20, env: { BATCH_SIZE: '3' } });
  });

  afterEach(() => shop.close());

  it('sends where things stand at once, and ends with the final state of the run', async () => {
    const client = connect();
    const events: Status[] = [];
    const stream = client.iterate<{ embeddingStatus: Status }>({ query: STATUS });
    const first = await stream.next();
    const started = shop.backfill();
    events.push((first.value as { data: { embeddingStatus: Status } }).data.embeddingStatus);
    for await (const { data } of stream) if (data) events.push(data.embeddingStatus);
    const run = await started;
    expect(events[0]).toMatchObject({
      backfill: null,
      coverage: { total: 20, embedded: 0, missing: 20, stale: 0, failed: 0 },
    });
    expect(events.at(-1)).toMatchObject({
      backfill: { id: run.id, state: 'COMPLETED', counts: { total: 20, processed: 20, embedded: 20 } },
      coverage: { total: 20, embedded: 20, missing: 0, stale: 0, failed: 0 },
    });
    const sequences = events.map((event) => event.sequence);
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
  });

  it('is one event for a run that has ended', async () => {
    const run = await shop.backfill();
    const results = await collect(connect(), { query: STATUS, variables: { id: run.id } });
    expect(results).toHaveLength(1);
    expect(results[0]?.data).toMatchObject({ embeddingStatus: { backfill: { id: run.id, state: 'COMPLETED' } } });
  });

  it('is refused for a run that there is not', async () => {
    const message = 'There is no backfill with the id "none".';
    expect(await collect(connect(), { query: STATUS, variables: { id: 'none' } })).toMatchObject([
      { errors: [{ message, extensions: { code: 'NOT_FOUND', argument: 'backfillId' } }] },
    ]);
  });

  it('tells of failures only whom the admin token lets see them', async () => {
    await shop.backfill();
    const query = 'subscription { embeddingStatus { backfill { id failures { nodes { imageUrl } } } } }';
    const next = async (client: Client) => (await client.iterate({ query }).next()).value as unknown;
    expect(await next(connect())).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(await next(connect({ authorization: 'Bearer wrong' }))).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect(await next(connect({ authorization: `Bearer ${ADMIN_TOKEN}` }))).toMatchObject({
      data: { embeddingStatus: { backfill: { failures: { nodes: [] } } } },
    });
  });
});

describe('a socket', () => {
  beforeAll(async () => {
    shop = await startTestShop({ products: 1 });
  });

  afterAll(() => shop.close());

  it.each([
    ['a query', '{ embeddingStatus { sequence } }'],
    ['a mutation', 'mutation { startEmbeddingBackfill { backfill { id } } }'],
  ])('does not run %s', async (_what, query) => {
    expect(await refusalOf({ query })).toEqual([
      expect.objectContaining({
        message: 'Only subscriptions are served over WebSocket.',
        extensions: { code: 'BAD_USER_INPUT' },
      }),
    ]);
  });

  it('refuses a document that is not valid, and stays open', async () => {
    const client = connect();
    await expect(collect(client, { query: 'subscription { nothing }' })).rejects.toEqual([
      expect.objectContaining({ message: expect.stringContaining('nothing') as string }),
    ]);
    await expect(collect(client, { query: 'subscription {' })).rejects.toHaveLength(1);
    expect((await client.iterate({ query: STATUS }).next()).value).toHaveProperty('data');
  });

  it('carries ten subscriptions and not eleven', async () => {
    const client = connect();
    const streams = Array.from({ length: 10 }, () => client.iterate({ query: STATUS }));
    await Promise.all(streams.map((stream) => stream.next()));
    await expect(client.iterate({ query: STATUS }).next()).rejects.toEqual([
      expect.objectContaining({ message: 'A socket carries at most 10 subscriptions.' }),
    ]);
  });

  it('is closed where a message is larger than any subscription', async () => {
    const closed = await new Promise<number>((resolve) => {
      const socket = new WebSocket(socketUrl(), 'graphql-transport-ws');
      socket.on('open', () => {
        socket.send('x'.repeat(65 * 1024));
      });
      socket.on('close', resolve);
    });
    expect(closed).toBe(1009);
  });

  it.each([
    ['a page of our own', () => new URL(shop.app.url).origin, 101],
    ['a page of another site', () => 'https://elsewhere.example', 401],
    ['a page without an origin', () => 'null', 401],
  ])('opens, or not, for %s', async (_what, origin, status) => {
    const answered = await new Promise<number | undefined>((resolve) => {
      const socket = new WebSocket(socketUrl(), 'graphql-transport-ws', { origin: origin() });
      socket.on('open', () => {
        resolve(101);
        socket.close();
      });
      socket.on('unexpected-response', (_request, response) => {
        resolve(response.statusCode);
        socket.terminate();
      });
      socket.on('error', () => undefined);
    });
    expect(answered).toBe(status);
  });
});
