import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { ClipEncoder } from '../../src/services/clip/image-encoder.js';
import { makeDeterministicEncoder } from '../support/deterministic-encoder.js';
import { makeRecordedLog, type LogEntry } from '../support/recorded-log.js';
import { testPhotograph } from '../support/test-photographs.js';
import { ADMIN_TOKEN, startTestShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

const UUID = /^[\da-f-]{36}$/;

let shop: TestShop;
let entries: LogEntry[];

beforeAll(async () => {
  const recorded = makeRecordedLog('debug');
  ({ entries } = recorded);
  const encode: ClipEncoder['encode'] = async (pixels) => {
    if (typeof pixels === 'function') await pixels();
    throw new Error('a secret');
  };
  const encoder = { ...makeDeterministicEncoder(), encode };
  const env = { SLOW_OPERATION_MS: '1' };
  shop = await startTestShop({ products: 1, env, overrides: { encoder, log: recorded.log } });
});

beforeEach(() => {
  entries.length = 0;
});

afterAll(() => shop.close());

async function post(query: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${shop.app.url}graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables: { secret: 'hunter2' } }),
  });
}

/** The line that tells of an operation once it has ended: as a slow one where it took longer than a millisecond. */
const lineOf = (requestId: string) =>
  until('the operation is logged', () =>
    Promise.resolve(entries.find((one) => one.requestId === requestId && /^(slow )?operation$/.test(one.msg)) ?? null),
  );

describe('the id of a request', () => {
  it('is the one that the client gave, in the answer and in each line', async () => {
    const response = await post('query Mine { product(id: "1") { id } }', { 'x-request-id': 'shop-7:42.a_b' });
    expect(response.headers.get('x-request-id')).toBe('shop-7:42.a_b');
    expect(await lineOf('shop-7:42.a_b')).toMatchObject({ operation: 'Mine', fields: ['product'], code: 'OK' });
  });

  it.each([['x'.repeat(65)], ['a b'], ['<script>'], ['']])('is a new one in the place of %j', async (given) => {
    const response = await post('{ product(id: "1") { id } }', { 'x-request-id': given });
    expect(response.headers.get('x-request-id')).toMatch(UUID);
  });

  it('is that of an error that nobody foresaw, and of its line in the log', async () => {
    const query = 'query ($image: Upload) { similarProducts(image: $image) { status } }';
    const { errors } = await shop.upload(await testPhotograph(1), query);
    const requestId = errors?.[0]?.extensions.requestId as string;
    expect(entries.find(({ msg }) => msg === 'operation failed')).toMatchObject({ requestId });
    expect(await lineOf(requestId)).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', fields: ['similarProducts'] });
  });

  it('is sent back with what fails before GraphQL comes to it', async () => {
    const response = await fetch(`${shop.app.url}graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': 'broken-1' },
      body: '{',
    });
    expect(response.headers.get('x-request-id')).toBe('broken-1');
    expect(await lineOf('broken-1')).toMatchObject({ code: 'BAD_USER_INPUT', operation: null, fields: [] });
  });

  it('is another one for each subscription of a socket', async () => {
    const client = createClient({
      url: `${shop.app.url.replace('http', 'ws')}graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    for (let count = 0; count < 2; count += 1) {
      const stream = client.iterate({ query: 'subscription { embeddingStatus { sequence } }' });
      await stream.next();
      await stream.return?.();
    }
    await expect(client.iterate({ query: '{ product(id: "1") { id } }' }).next()).rejects.toMatchObject([
      { message: 'Only subscriptions are served over WebSocket.' },
    ]);
    await client.dispose();
    const lines = entries.filter(({ transport }) => transport === 'socket');
    expect(lines).toMatchObject([
      { type: 'subscription', fields: ['embeddingStatus'], code: 'OK' },
      { type: 'subscription', fields: ['embeddingStatus'], code: 'OK' },
      { code: 'BAD_USER_INPUT' },
    ]);
    expect(new Set(lines.map(({ requestId }) => requestId)).size).toBe(3);
  });
});

describe('a slow operation', () => {
  it('is logged as a warning with what it was and how long its stages took, and nothing of what was sent', async () => {
    const query = 'query Slow($image: Upload) { similarProducts(image: $image) { status } }';
    await shop.upload(await testPhotograph(1), query);
    const line = await until('it is logged', () =>
      Promise.resolve(entries.find(({ msg }) => msg === 'slow operation') ?? null),
    );
    expect(line).toMatchObject({
      level: 40,
      operation: 'Slow',
      type: 'query',
      fields: ['similarProducts'],
      transport: 'http',
      code: 'INTERNAL_SERVER_ERROR',
      requestId: expect.stringMatching(UUID) as string,
      ms: expect.any(Number) as number,
      stages: { receive: expect.any(Number) as number, decode: expect.any(Number) as number },
    });
  });

  it('tells nothing of variables, tokens and documents', async () => {
    await post('query Named { product(id: "hunter3") { id } }', { authorization: `Bearer ${ADMIN_TOKEN}` });
    await post('query { product(id: "hunter3") { id } nothing }');
    const lines = entries.filter(({ msg }) => /^(slow )?operation$/.test(msg));
    expect(lines).toHaveLength(2);
    const text = JSON.stringify(lines);
    expect(text).not.toMatch(/hunter2|hunter3|the-admin-token|\{ id \}/);
  });
});
