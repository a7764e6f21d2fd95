import { EventEmitter, on, once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { GraphQLBoolean, GraphQLInt, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RequestContext } from '../../src/resolvers/context.js';
import { loadConfig } from '../../src/config.js';
import { Health } from '../../src/server/observability/health.js';
import { loadTelemetry } from '../../src/telemetry/telemetry.js';
import { startHttpServer, type HttpServer } from '../../src/server/http-server.js';
import { collect, connect, disposeClients, getStream, postStream, streamUrl } from '../support/event-stream-client.js';
import { silentLog } from '../support/silent-log.js';
import { ADMIN_TOKEN } from '../support/test-shop.js';
import { until } from '../support/until.js';

const ALLOWED = 'https://shop.example';

const SECRET = 'postgres://admin:hunter2@10.0.0.7/vectors';

afterEach(disposeClients);

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

async function startServer(): Promise<HttpServer> {
  source = new EventEmitter();
  signals = [];
  const telemetry = await loadTelemetry(loadConfig({}).telemetry, silentLog);
  return startHttpServer({
    health: new Health(),
    metrics: telemetry.metrics,
    observer: telemetry.observer,
    operations: telemetry.operations,
    config: loadConfig({ PORT: '0', ADMIN_TOKEN, ALLOWED_ORIGINS: ALLOWED }).server,
    schema: makeSchema(),
    maxImageBytes: 1000,
    imageRoot: null,
    webRoot: null,
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
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['is no GraphQL', 'subscription {', 'Syntax Error: Expected Name, found <EOF>.', 'GRAPHQL_PARSE_FAILED'],
  ])('refuses a document that %s', async (_what, query, message, code) => {
    const locations = [{ line: 1, column: expect.any(Number) as number }];
    expect(await collect(connect(server), { query })).toEqual([
      { errors: [{ message, locations, extensions: { code } }] },
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
