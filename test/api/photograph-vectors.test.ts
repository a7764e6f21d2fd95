import { afterAll, beforeAll, expect, test } from 'vitest';
import { NO_OBSERVER, type Observer } from '../../src/observer.js';
import { PhotographVectors } from '../../src/services/photograph-vectors.js';
import { makeDeterministicEncoder } from '../support/deterministic-encoder.js';
import { countingEncoder, gatedEncoder } from '../support/scripted-encoders.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

const counting = countingEncoder();
let shop: TestShop;

beforeAll(async () => {
  shop = await startTestShop({ products: 3, overrides: { encoder: counting.encoder } });
  await shop.backfill();
});

afterAll(() => shop.close());

const SEARCH = `query ($image: Upload, $region: RegionInput) {
  similarProducts(image: $image, region: $region, limit: 2) { edges { cursor node { id } similarity } }
}`;
const CREATE = `mutation ($image: Upload, $region: RegionInput) {
  createQueryImage(input: { upload: $image }, region: $region) { queryImage { width height similarProducts(limit: 2) { nodes { id } } } }
}`;
const region = { x: 0, y: 0, width: 0.5, height: 0.5 };

/** Inferences that it takes to answer. */
async function inferencesFor(work: () => Promise<unknown>): Promise<number> {
  const before = counting.count();
  await work();
  return counting.count() - before;
}

test('a photograph that comes again, by whichever way, is inferred once, and each part of it once', async () => {
  const photograph = await testPhotograph(2);
  const first = await shop.upload(photograph, SEARCH);
  expect(first.errors).toBeUndefined();
  expect(await inferencesFor(async () => expect(await shop.upload(photograph, SEARCH)).toEqual(first))).toBe(0);
  expect(await inferencesFor(() => shop.upload(photograph, CREATE))).toBe(0);
  expect(await inferencesFor(() => shop.upload(photograph, CREATE, { region }))).toBe(1);
  expect(await inferencesFor(() => shop.upload(photograph, SEARCH, { region }))).toBe(0);
});

test('a photograph that can not be read stays one', async () => {
  const damaged = (await testPhotograph(1)).subarray(0, 500);
  const [first, again] = [await shop.upload(damaged, SEARCH), await shop.upload(damaged, SEARCH)];
  expect(first.errors?.[0]?.extensions.code).toBe('IMAGE_UNREADABLE');
  expect(again.errors).toEqual(first.errors);
});

/** Vectors behind a gate, and a photograph. */
async function gated() {
  const gate = gatedEncoder(0);
  const vectors = new PhotographVectors({ maxPixels: 1e6, observer: NO_OBSERVER });
  const photograph = { bytes: await testPhotograph(1), fileHash: 'one', region: null };
  const waits = () => until('the model has it', async () => gate.waiting() === 1);
  return { gate, vectors, photograph, waits };
}

test('who leaves takes nothing from those who wait for the same photograph', async () => {
  const { gate, vectors, photograph, waits } = await gated();
  const leaving = new AbortController();
  const asked = [vectors.get(photograph, gate.encoder, leaving.signal), vectors.get(photograph, gate.encoder)];
  await waits();
  leaving.abort(new Error('left'));
  await expect(asked[0]).rejects.toThrow('left');
  gate.open();
  expect((await asked[1])?.vector).toHaveLength(512);
  expect(gate.count()).toBe(1);
});

test('a photograph that nobody waits for any more frees its place', async () => {
  const { gate, vectors, photograph, waits } = await gated();
  const leaving = new AbortController();
  const asked = vectors.get(photograph, gate.encoder, leaving.signal);
  await waits();
  leaving.abort(new Error('left'));
  await expect(asked).rejects.toThrow('left');
  expect(gate.waiting()).toBe(0);
});

test('another model sees the photograph anew, and nobody can change what is kept', async () => {
  const { vectors, photograph } = await gated();
  const [one, two] = [countingEncoder(), makeDeterministicEncoder()];
  const other = { ...two, model: { ...two.model, name: 'another' } };
  const kept = (await vectors.get(photograph, one.encoder)).vector;
  const copy = kept.slice();
  kept.fill(0);
  expect((await vectors.get(photograph, one.encoder)).vector).toEqual(copy);
  expect(one.count()).toBe(1);
  const counted = countingEncoder();
  await vectors.get(photograph, { ...counted.encoder, model: other.model });
  expect(counted.count()).toBe(1);
});

test('a photograph that nobody waits for when its turn comes is not decoded', async () => {
  const stages: string[] = [];
  const observer: Observer = {
    ...NO_OBSERVER,
    time: (stage, work) => {
      stages.push(stage);
      return work();
    },
  };
  const vectors = new PhotographVectors({ maxPixels: 1e6, maxDecodes: 1, observer });
  const encoder = makeDeterministicEncoder();
  const photographs = await Promise.all([1, 2, 3].map((number) => testPhotograph(number)));
  const leaving = new AbortController();
  const asked = photographs.map((bytes, index) =>
    vectors.get({ bytes, fileHash: String(index), region: null }, encoder, index === 1 ? leaving.signal : undefined),
  );
  leaving.abort(new Error('left'));
  const ends = await Promise.allSettled(asked);
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(stages).toEqual(['decode', 'decode']);
});
