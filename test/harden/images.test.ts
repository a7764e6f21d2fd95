import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeededRandom } from '../../demo/seeded-random.js';
import { AppError } from '../../src/errors.js';
import { NO_OBSERVER } from '../../src/observer.js';
import { PhotographVectors } from '../../src/services/photograph-vectors.js';
import { makeDeterministicEncoder } from '../support/deterministic-encoder.js';
import { hardenSeed, scale } from '../support/harden-scale.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type Answer, type TestShop } from '../support/test-shop.js';
import { AVIF_BOMBS, OTHER_BOMBS } from './images-box-bombs.js';
import { GIF_BOMBS, WEBP_BOMBS } from './images-film-bombs.js';
import { lookAtAll, tell, type Figures } from './images-looks.js';
import { mutants, validPictures, type Picture } from './images-mutants.js';
import { JPEG_BOMBS, PNG_BOMBS, type Bombs } from './images-still-bombs.js';

const MUTANTS = scale(300, 12_000);
const MUTANTS_BY_HTTP = scale(30, 600);
const CHOSEN_BOMBS = scale(10, 1000);

/** What may be said of a picture that is none. */
const CODES = ['IMAGE_UNREADABLE', 'IMAGE_TOO_LARGE'];
const VECTOR = 'vector';

/** Growth of the process, in MB: five whole photographs of 40 megapixels and what decoding them takes. */
const MAX_GROWTH = 2000;

const BOMBS: Bombs = { ...PNG_BOMBS, ...JPEG_BOMBS, ...GIF_BOMBS, ...WEBP_BOMBS, ...AVIF_BOMBS, ...OTHER_BOMBS };

const SEARCH = 'query ($image: Upload) { similarProducts(image: $image, limit: 1) { nodes { id } } }';

const random = new SeededRandom(hardenSeed());
const encoder = makeDeterministicEncoder();
const photographs = new PhotographVectors({ maxPixels: 40_000_000, observer: NO_OBSERVER });
let valid: Picture[];
let shop: TestShop;

beforeAll(async () => {
  valid = await validPictures(random);
  shop = await startTestShop({ products: 3 });
  await shop.backfill();
});

afterAll(async () => {
  await shop.close();
  await encoder.close();
});

/** As a search sees it: one of four in part only. */
async function see({ bytes }: Picture): Promise<string> {
  const fileHash = createHash('sha256').update(bytes).digest('hex');
  const region = fileHash < '4' ? { x: 0.25, y: 0.5, width: 0.5, height: 0.3 } : null;
  try {
    const { vector } = await photographs.get({ bytes, fileHash, region }, encoder);
    return isUnit(vector) ? VECTOR : 'a vector of another length';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

function isUnit(vector: Float32Array): boolean {
  const length = Math.hypot(...vector);
  return vector.length === encoder.model.dimensions && Math.abs(length - 1) < 1e-4;
}

async function upload({ bytes }: Picture): Promise<string> {
  return outcomeOf(await shop.upload(bytes, SEARCH));
}

function outcomeOf({ data, errors }: Answer): string {
  const { similarProducts } = (data ?? {}) as { similarProducts?: { nodes: unknown[] } };
  if (similarProducts?.nodes.length === 1) return VECTOR;
  return String(errors?.[0]?.extensions.code);
}

async function* bombs(names: readonly string[]): AsyncGenerator<Picture> {
  for (const name of names) yield { name, bytes: await (BOMBS[name] ?? Buffer.alloc)(0) };
}

function expectNoHarm(what: string, figures: Figures): void {
  tell(what, figures);
  expect(figures.faults).toEqual([]);
  expect(Object.keys(figures.outcomes).filter((outcome) => ![VECTOR, ...CODES].includes(outcome))).toEqual([]);
  expect(figures.rss.peak - figures.rss.before).toBeLessThan(MAX_GROWTH);
}

const seesValid = async (): Promise<void> => {
  const sound = { name: 'sound', bytes: await testPhotograph(1) };
  expect(await see(sound)).toBe(VECTOR);
  expect(await upload(sound)).toBe(VECTOR);
};

describe('pictures that are sound', () => {
  it('are seen, in all formats', async () => {
    expect((await lookAtAll(valid, { look: see })).outcomes).toEqual({ [VECTOR]: valid.length });
  });
});

describe('pictures that are damaged or lie', () => {
  it('are seen or refused for a reason, in time and in bounded memory', async () => {
    const figures = await lookAtAll(mutants(valid, random, MUTANTS), { look: see });
    expectNoHarm(`${MUTANTS} mutants`, figures);
    expect(Object.keys(figures.outcomes).sort()).toEqual([...CODES, VECTOR].sort());
    await seesValid();
  });

  it('do no harm to the server that they are sent to', async () => {
    const figures = await lookAtAll(mutants(valid, random, MUTANTS_BY_HTTP), { look: upload });
    expectNoHarm(`${MUTANTS_BY_HTTP} mutants over HTTP`, figures);
    await seesValid();
  });
});

describe('pictures that are made to do harm', () => {
  it.each([
    ['PNG of 65535 x 65535', 'IMAGE_TOO_LARGE'],
    ['PNG of 1 x 40000000', 'IMAGE_TOO_LARGE'],
    ['JPEG of 90 scans', VECTOR],
    ['JPEG of 20000 scans', 'IMAGE_TOO_LARGE'],
    ['JPEG with a film at its end', VECTOR],
    ['WebP of 2000 frames', VECTOR],
    ['GIF of 2000 frames', VECTOR],
    ['WebP of 400000 frames', 'IMAGE_TOO_LARGE'],
    ['GIF of a million frames', 'IMAGE_TOO_LARGE'],
    ['WebP whose frames are within each other', 'IMAGE_TOO_LARGE'],
    ['AVIF of 65535 x 65535', 'IMAGE_TOO_LARGE'],
    ['AVIF that is a grid of itself', 'IMAGE_UNREADABLE'],
  ])('are seen or refused by what they are: %s', async (name, outcome) => {
    const figures = await lookAtAll(bombs([name]), { look: see });
    expectNoHarm(name, figures);
    expect(figures.outcomes).toEqual({ [outcome]: 1 });
  });

  it('do none, wherever they come in', async () => {
    const names = random.shuffle(Object.keys(BOMBS)).slice(0, CHOSEN_BOMBS);
    expectNoHarm(`${names.length} bombs`, await lookAtAll(bombs(names), { look: see, atOnce: 1 }));
    expectNoHarm(`${names.length} bombs over HTTP`, await lookAtAll(bombs(names), { look: upload, atOnce: 1 }));
    await seesValid();
  });
});
