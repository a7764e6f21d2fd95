import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WatchEmbeddingStatusDocument, type ConnectionState } from '../../packages/apollo/src/index.js';
import { makeApolloClient, type ClientOfShop } from '../support/apollo-client.js';
import { freePort } from '../support/free-port.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

let shop: TestShop;
let kit: ClientOfShop;

beforeEach(async () => {
  shop = await startTestShop({ products: 6, env: { PORT: String(await freePort()) } });
});

afterEach(async () => {
  await kit.close();
  await shop.close();
});

describe.each(['websocket', 'sse'] as const)('a subscription over %s', (subscriptions) => {
  it('comes back by itself after a restart of the server, and goes on', async () => {
    const states: ConnectionState[] = [];
    const embedded: number[] = [];
    kit = makeApolloClient(shop.app.url, {}, { subscriptions, onConnectionChange: (state) => states.push(state) });
    const ended = new Promise<void>((resolve, reject) => {
      kit.client.subscribe({ query: WatchEmbeddingStatusDocument, variables: {} }).subscribe({
        next: ({ data }) => data && embedded.push(data.embeddingStatus.coverage.embedded),
        error: reject,
        complete: resolve,
      });
    });
    await until('the snapshot comes', () => embedded.length > 0);
    await shop.restart();
    await until('the connection is there again', () => states.filter((state) => state === 'connected').length === 2);
    await shop.backfill();
    await ended;
    expect(embedded[0]).toBe(0);
    expect(embedded.at(-1)).toBe(6);
    expect(states.indexOf('lost')).toBeGreaterThan(states.indexOf('connected'));
  });

  it('says why where the server does not accept it', async () => {
    kit = makeApolloClient(shop.app.url, {}, { subscriptions });
    const error = await new Promise((resolve) => {
      kit.client
        .subscribe({ query: WatchEmbeddingStatusDocument, variables: { backfillId: 'none' } })
        .subscribe({ next: (result) => result.error && resolve(result.error), error: resolve });
    });
    expect(error).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  });
});
