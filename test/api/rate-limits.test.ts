import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { testPhotograph } from '../support/test-photographs.js';
import { ADMIN_TOKEN, startTestShop, type Answer, type TestShop } from '../support/test-shop.js';
import { SUBSCRIPTION_WAYS } from '../support/ways-in.js';

const READ_TOKEN = 'the-read-token-of-the-tests';
const SEARCH = '{ similarToProduct(id: 1) { nodes { id } } }';
const UPLOAD = 'query ($image: Upload) { similarProducts(image: $image) { nodes { id } } }';

let shop: TestShop;

afterEach(() => shop.close());

async function startLimited(env: Record<string, string> = {}): Promise<void> {
  const limits = { RATE_LIMIT_SEARCHES: '2', RATE_LIMIT_UPLOADS: '2', READ_TOKEN };
  shop = await startTestShop({ products: 1, env: { ...limits, ...env } });
}

const codeOf = ({ errors }: Answer): unknown => errors?.[0]?.extensions.code ?? null;

async function searchFrom(address: string, headers: Record<string, string> = {}): Promise<unknown> {
  return codeOf(await shop.query(SEARCH, {}, { 'x-forwarded-for': address, ...headers }));
}

/** The status of an answer that does not wait for any of the body. */
function statusOfUnsentBody(headers: Record<string, string | number>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${shop.app.url}graphql`,
      { method: 'POST', headers: { 'apollo-require-preflight': 'true', ...headers } },
      (response) => {
        resolve(response.statusCode);
        sent.destroy();
      },
    );
    sent.on('error', reject);
    sent.flushHeaders();
  });
}

describe('searches', () => {
  it('are refused past the share of a minute, with how long to wait', async () => {
    await startLimited();
    expect([codeOf(await shop.query(SEARCH)), codeOf(await shop.query(SEARCH))]).toEqual([null, null]);
    const response = await fetch(`${shop.app.url}graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: SEARCH }),
    });
    const { errors } = (await response.json()) as Answer;
    expect(errors?.[0]).toMatchObject({
      message: expect.stringMatching(/^This would be more than the 2 searches that one client may have/) as string,
      extensions: { code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) as number },
    });
    expect(response.status).toBe(429);
    const seconds = Number(response.headers.get('retry-after'));
    expect(errors?.[0]?.extensions.retryAfterMs).toBe(seconds * 1000);
  });

  it('count by how many an operation asks for, before any is done', async () => {
    await startLimited();
    const twice = '{ a: similarToProduct(id: 1) { nodes { id } } b: similarToProduct(id: 1) { nodes { id } } }';
    expect([codeOf(await shop.query(twice)), codeOf(await shop.query(SEARCH))]).toEqual([null, 'RATE_LIMITED']);
    expect(codeOf(await shop.query('{ embeddingStatus { sequence } }'))).toBeNull();
  });

  it('are not limited for who has a token', async () => {
    await startLimited();
    for (const token of [READ_TOKEN, ADMIN_TOKEN, READ_TOKEN, ADMIN_TOKEN, READ_TOKEN]) {
      expect(codeOf(await shop.query(SEARCH, {}, { authorization: `Bearer ${token}` }))).toBeNull();
    }
    const wrong = { authorization: 'Bearer not-a-token-that-is-known' };
    for (const code of [null, null, 'RATE_LIMITED']) expect(codeOf(await shop.query(SEARCH, {}, wrong))).toBe(code);
  });

  it('leave subscriptions be, which are no searches', async () => {
    await startLimited();
    for (const send of Object.values(SUBSCRIPTION_WAYS)) {
      for (let count = 0; count < 3; count += 1) {
        expect(await send(shop.app, 'subscription { embeddingStatus { sequence } }')).toEqual([]);
      }
    }
  });
});

describe('a client', () => {
  it('is whoever connects, whatever it says of itself', async () => {
    await startLimited();
    const answers = [];
    for (const address of ['203.0.113.1', '203.0.113.2', '203.0.113.3']) answers.push(await searchFrom(address));
    expect(answers).toEqual([null, null, 'RATE_LIMITED']);
  });

  it('is whom a trusted proxy names, and not whom it names itself', async () => {
    await startLimited({ TRUST_PROXY: '1' });
    const answers = [];
    for (const spoofed of ['', '198.51.100.1, ', '198.51.100.2, '])
      answers.push(await searchFrom(`${spoofed}203.0.113.1`));
    expect(answers).toEqual([null, null, 'RATE_LIMITED']);
    expect(await searchFrom('203.0.113.2')).toBeNull();
  });

  it('is a network where its address is of version 6', async () => {
    await startLimited({ TRUST_PROXY: 'loopback' });
    const answers = [];
    for (const last of ['1', '2', 'ffff:3']) answers.push(await searchFrom(`2001:db8:0:1::${last}`));
    expect(answers).toEqual([null, null, 'RATE_LIMITED']);
    expect(await searchFrom('2001:db8:0:2::1')).toBeNull();
  });
});

describe('photographs', () => {
  it('are refused past the share of a minute, and then before they come', async () => {
    await startLimited({ RATE_LIMIT_SEARCHES: '0' });
    const photograph = await testPhotograph(1);
    const multipart = { 'content-type': 'multipart/form-data; boundary=x', 'content-length': 5_000_000 };
    for (let count = 0; count < 2; count += 1) expect(codeOf(await shop.upload(photograph, UPLOAD))).toBeNull();
    const refused = await shop.upload(photograph, UPLOAD);
    expect([refused.status, codeOf(refused)]).toEqual([429, 'RATE_LIMITED']);
    expect(await statusOfUnsentBody(multipart)).toBe(429);
    expect(await statusOfUnsentBody({ 'content-type': 'application/json', 'content-length': 5_000_000 })).toBe(429);
    expect(await statusOfUnsentBody({ 'content-type': 'application/json', 'transfer-encoding': 'chunked' })).toBe(429);
    // A photograph by its address is counted by the gate.
    const byAddress =
      'mutation { createQueryImage(input: { url: "https://shop.example/1.jpg" }) { queryImage { id } } }';
    expect(codeOf(await shop.query(byAddress))).toBe('RATE_LIMITED');
    expect(codeOf(await shop.query(SEARCH))).toBeNull();
  });
});
