import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClipEncoder } from '../../src/services/clip/image-encoder.js';
import { makeDeterministicEncoder } from '../support/deterministic-encoder.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type Answer, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

const MAX_QUEUED = 3;

/** One is in work, and the others wait. */
const FULL = MAX_QUEUED + 1;

/** A model that is at its work for as long as a test wants. */
function heldModel() {
  let work = Promise.resolve();
  let goOn: () => void = () => undefined;
  let batches = 0;
  const model = makeDeterministicEncoder({
    maxQueued: MAX_QUEUED,
    beforeBatch: async () => {
      batches += 1;
      await work;
    },
  });
  let admitted = 0;
  const counted = async (encoding: Promise<Float32Array>): Promise<Float32Array> => {
    admitted += 1;
    return encoding.finally(() => (admitted -= 1));
  };
  const encoder: ClipEncoder = {
    ...model,
    encode: async (pixels, options) => counted(model.encode(pixels, options)),
    encodeText: async (text, options) => counted(model.encodeText(text, options)),
  };
  return {
    encoder,
    hold: () => {
      work = new Promise((resolve) => (goOn = resolve));
      batches = 0;
    },
    goOn: () => goOn(),
    isAtWork: () => batches > 0,
    /** Searches that have a place, or are in work. */
    admitted: () => admitted,
  };
}

const held = heldModel();
let shop: TestShop;
let waiting: Promise<Answer>[];

beforeAll(async () => {
  shop = await startTestShop({ products: 5, overrides: { encoder: held.encoder } });
  await shop.backfill();
});

afterAll(() => shop.close());

beforeEach(() => {
  held.hold();
  waiting = [];
});

// Whatever was refused: those who had a place are answered.
afterEach(async () => {
  held.goOn();
  for (const answer of await Promise.all(waiting)) expect(answer.errors).toBeUndefined();
  expect(held.admitted()).toBe(0);
});

const BUSY = {
  message: expect.stringMatching(/^3 searches are already waiting for the model: try again in \d+ ms\.$/) as string,
  extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterMs: expect.any(Number) as number },
};
const BY_PHOTOGRAPH = 'query ($image: Upload) { similarProducts(image: $image, limit: 1) { nodes { id } } }';
const BY_WORDS = 'query ($text: String!) { searchProducts(input: { text: $text }, limit: 1) { nodes { id } } }';

type Ask = (number: number, signal?: AbortSignal) => Promise<Answer>;

async function post(body: FormData | string, signal: AbortSignal | null): Promise<Answer> {
  const type = typeof body === 'string' ? { 'content-type': 'application/json' } : {};
  const headers = { 'apollo-require-preflight': 'true', ...type };
  const response = await fetch(`${shop.app.url}graphql`, { method: 'POST', headers, body, signal });
  return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) };
}

let asked = 0;

const byPhotograph: Ask = async (number, signal) => {
  const body = new FormData();
  // No photograph is the same as one before it: those are known.
  const region = `{ x: 0, y: 0, width: 1, height: ${1 - (asked += 1) / 1000} }`;
  const query = BY_PHOTOGRAPH.replace('limit: 1', `limit: 1, region: ${region}`);
  body.set('operations', JSON.stringify({ query, variables: { image: null } }));
  body.set('map', JSON.stringify({ 0: ['variables.image'] }));
  body.set('0', new Blob([new Uint8Array(await testPhotograph(number))]), 'photo.jpg');
  return post(body, signal ?? null);
};

const byWords: Ask = async (number, signal) =>
  post(JSON.stringify({ query: BY_WORDS, variables: { text: `words ${number} ${(asked += 1)}` } }), signal ?? null);

async function fill(ask: Ask): Promise<void> {
  waiting.push(ask(1));
  await until('the model is at work', held.isAtWork);
  for (let number = 2; number < FULL; number += 1) waiting.push(ask(number));
  await until('the others wait', () => held.admitted() === FULL - 1);
}

describe.each([
  ['by photograph', byPhotograph],
  ['by words', byWords],
])('a search %s', (_how, ask) => {
  it('is refused where as many wait as may, and has the place of one that is given up', async () => {
    await fill(ask);
    const leaving = new AbortController();
    const left = ask(FULL, leaving.signal).catch(() => null);
    await until('all places are taken', () => held.admitted() === FULL);
    expect((await ask(5)).errors).toMatchObject([BUSY]);
    leaving.abort();
    await left;
    await until('its place is free', () => held.admitted() === FULL - 1);
    waiting.push(ask(5));
    await until('it is taken', () => held.admitted() === FULL);
    expect((await ask(6)).errors).toMatchObject([BUSY]);
  });
});

describe('a photograph that there is no room for', () => {
  beforeEach(async () => {
    await fill(byPhotograph);
    waiting.push(byPhotograph(4));
    await until('all places are taken', () => held.admitted() === FULL);
  });

  const CREATE =
    'mutation ($input: CreateQueryImageInput!) { createQueryImage(input: $input) { userErrors { code } } }';

  it('is refused before it is looked at', async () => {
    expect((await shop.upload(Buffer.from('no photograph'), BY_PHOTOGRAPH)).errors).toMatchObject([BUSY]);
    const base64 = Buffer.from('no photograph').toString('base64');
    expect((await shop.query(CREATE, { input: { base64 } })).errors).toMatchObject([BUSY]);
  });

  it('is refused before it is fetched', async () => {
    expect((await shop.query(CREATE, { input: { url: 'http://127.0.0.1:9/1.jpg' } })).errors).toMatchObject([BUSY]);
  });

  it('keeps no search away that needs no model', async () => {
    const { data } = await shop.query('{ similarToProduct(id: "1", limit: 1) { nodes { id } } }');
    expect(data).toMatchObject({ similarToProduct: { nodes: [{}] } });
  });
});
