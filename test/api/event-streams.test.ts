import { EventEmitter, on, once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { GraphQLBoolean, GraphQLInt, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { createClient, type Client, type RequestParams } from 'graphql-sse';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RequestContext } from '../../src/resolvers/context.js';
import { startHttpServer, type HttpServer } from '../../src/server/http-server.js';
import { silentLog } from '../support/silent-log.js';
import { ADMIN_TOKEN, startTestShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

const ALLOWED = 'https://shop.example';

const SECRET = 'postgres://admin:hunter2@10.0.0.7/vectors';

const clients: Client[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.dispose();
});

function connect(server: { url: string }, headers: Record<string, string> = {}): Client {
  const client = createClient({ url: streamUrl(server), headers, retryAttempts: 0 });
  clients.push(client);
  return client;
}

const streamUrl = ({ url }: { url: string }) => `${url}graphql/stream`;

async function collect(client: Client, params: RequestParams): Promise<unknown[]> {
  const results = [];
  for await (const result of client.iterate(params)) results.push(result);
  return results;
}

interface GetOptions {
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Subscribes as a page does with `new EventSource(url)`. */
function getStream(server: { url: string }, params: Record<string, string>, { headers, ...rest }: GetOptions = {}) {
  const url = `${streamUrl(server)}?${new URLSearchParams(params).toString()}`;
  return fetch(url, { ...rest, headers: { accept: 'text/event-stream', ...headers } });
}

function postStream(server: { url: string }, body: unknown, headers: Record<string, string> = {}) {
  return fetch(streamUrl(server), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

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

/** What the schema below waits for: `tick` is the next event of its subscriptions, `answer` the answer to its query. */
let source: EventEmitter;
/** Of each subscription, in their order. */
let signals: AbortSignal[];
let server: HttpServer;

function makeSchema(): GraphQLSchema {
  return new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'Query',
      fields: { answer: { type: GraphQLInt, resolve: async () => ((await once(source, 'answer')) as [number])[0] } },
    }),
    mutation: new GraphQLObjectType({ name: 'Mutation', fields: { start: { type: GraphQLInt } } }),
    subscription: new GraphQLObjectType<number[], RequestContext>({
      name: 'Subscription',
      fields: {
        tick: {
          type: GraphQLInt,
          args: { fails: { type: GraphQLBoolean } },
          subscribe: (_root, { fails }, { signal }) => {
            if (fails === true) throw new Error(SECRET);
            signals.push(signal);
            return on(source, 'tick');
          },
          resolve: ([value]) => value,
        },
      },
    }),
  });
}

function startServer(): Promise<HttpServer> {
  source = new EventEmitter();
  signals = [];
  return startHttpServer({
    host: '127.0.0.1',
    port: 0,
    schema: makeSchema(),
    adminToken: ADMIN_TOKEN,
    allowedOrigins: [ALLOWED],
    maxImageBytes: 1000,
    imageRoot: null,
    makeContext: () => ({}) as RequestContext,
    log: silentLog,
  });
}

const QUERY = 'subscription { tick }';

const subscribers = () => source.listenerCount('tick');

describe('an event stream', () => {
  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(() => server.close());

  it.each([
    ['a query', '{ answer }'],
    ['a mutation', 'mutation { start }'],
  ])('does not run %s', async (_what, query) => {
    expect(await collect(connect(server), { query })).toEqual([
      {
        errors: [
          { message: 'Only subscriptions are served as event streams.', extensions: { code: 'BAD_USER_INPUT' } },
        ],
      },
    ]);
    expect(source.listenerCount('answer')).toBe(0);
  });

  it.each([
    [
      'names a field that there is not',
      'subscription { nothing }',
      'Cannot query field "nothing" on type "Subscription".',
    ],
    ['is no GraphQL', 'subscription {', 'Syntax Error: Expected Name, found <EOF>.'],
  ])('refuses a document that %s', async (_what, query, message) => {
    expect(await collect(connect(server), { query })).toEqual([
      { errors: [{ message, locations: [{ line: 1, column: expect.any(Number) as number }] }] },
    ]);
  });

  it('refuses a page of another site, and says how it may be let in', async () => {
    for (const origin of ['https://elsewhere.example', 'null']) {
      const response = await getStream(server, { query: QUERY }, { headers: { origin } });
      expect(response.status).toBe(403);
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
      expect(await response.json()).toEqual({
        errors: [
          {
            message: `Pages of "${origin}" may not subscribe here: ALLOWED_ORIGINS names those of other sites that may.`,
            extensions: { code: 'FORBIDDEN' },
          },
        ],
      });
    }
  });

  it.each([
    ['of our own', () => new URL(server.url).origin, null],
    ['of a site that is allowed', () => ALLOWED, ALLOWED],
  ])('is open to a page %s', async (_what, origin, allowed) => {
    const response = await postStream(server, { query: '{ answer }' }, { origin: origin() });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe(allowed);
    await response.text();
  });

  it.each(['application/json', 'text/application/json', 'text/plain'])(
    'refuses a body larger than any subscription, which calls itself %s',
    async (type) => {
      const response = await postStream(server, { query: 'x'.repeat(65 * 1024) }, { 'content-type': type });
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({
        errors: [{ message: 'The request is too long.', extensions: { code: 'BAD_USER_INPUT', argument: 'request' } }],
      });
    },
  );

  it('is never reserved', async () => {
    expect((await fetch(streamUrl(server), { method: 'PUT' })).status).toBe(415);
  });

  it('is opened for a client that accepts anything', async () => {
    const response = await postStream(server, { query: '{ answer }' }, { accept: '*/*' });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    await response.text();
  });
});

describe('the source of an event stream', () => {
  const MASKED = {
    message: expect.stringMatching(
      /^Something went wrong here\. The log of the server has more under the request id [0-9a-f-]{36}\.$/,
    ) as string,
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) as string },
  };

  beforeEach(async () => {
    server = await startServer();
  });

  afterEach(() => server.close());

  it('may throw, which is masked, and completes the stream', async () => {
    const results = collect(connect(server), { query: QUERY });
    await until('the client has subscribed', () => subscribers() === 1);
    source.emit('tick', 1);
    source.emit('error', new Error(SECRET));
    expect(await results).toEqual([{ data: { tick: 1 } }, { errors: [MASKED] }]);
  });

  it('may throw at once, which is masked as well', async () => {
    const results = await collect(connect(server), { query: 'subscription { tick(fails: true) }' });
    expect(results).toMatchObject([{ errors: [{ ...MASKED, path: ['tick'] }] }]);
    expect(JSON.stringify(results)).not.toContain('hunter2');
  });

  it('is ended when its client goes away', async () => {
    const client = new AbortController();
    const response = await getStream(server, { query: QUERY }, { signal: client.signal });
    await until('the client has subscribed', () => subscribers() === 1);
    expect(signals[0]?.aborted).toBe(false);
    client.abort();
    await until('the source has ended', () => subscribers() === 0);
    expect(signals.map((signal) => signal.aborted)).toEqual([true]);
    await expect(response.text()).rejects.toThrow('aborted');
  });
});

describe('a server that stops', () => {
  // Each test stops it.
  beforeEach(async () => {
    server = await startServer();
  });

  it('breaks its event streams off before requests come to their end', async () => {
    const response = await getStream(server, { query: QUERY });
    const answer = fetch(`${server.url}graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ answer }' }),
    });
    await until('the query runs', () => source.listenerCount('answer') === 1);
    const closed = server.close();
    await expect(response.text()).rejects.toThrow('terminated');
    await until('the source has ended', () => subscribers() === 0);
    expect(signals.map((signal) => signal.aborted)).toEqual([true]);
    source.emit('answer', 42);
    expect(await (await answer).json()).toEqual({ data: { answer: 42 } });
    await closed;
    await expect(fetch(server.url)).rejects.toThrow('fetch failed');
  });

  it('opens no event stream for a request that is still coming in', async () => {
    const open = await getStream(server, { query: QUERY });
    const late = request(streamUrl(server), {
      method: 'POST',
      headers: { 'content-type': 'application/json', expect: '100-continue' },
    });
    late.flushHeaders();
    await once(late, 'continue');
    const closed = server.close();
    await expect(open.text()).rejects.toThrow('terminated');
    late.end(JSON.stringify({ query: QUERY }));
    const [response] = (await once(late, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(503);
    expect(JSON.parse(await text(response))).toEqual({
      errors: [
        {
          message: 'The server is stopping and opens no more streams: try again in a moment.',
          extensions: { code: 'SERVICE_UNAVAILABLE' },
        },
      ],
    });
    await closed;
  });
});
