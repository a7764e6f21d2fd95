import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { colourHistogram } from '../../bench/colour-histogram.js';
import { evaluateSet, type Evaluated } from '../../bench/evaluate-set.js';
import { demoSet, photographsSet, type EvaluationSet, type LabelledPicture } from '../../bench/evaluation-set.js';
import { toUnitVector } from '../../src/services/clip/unit-vector.js';
import type { EmbeddingStore } from '../../src/services/vector/embedding-store.js';
import { startTestDatabase, type TestDatabase } from '../support/database.js';
import { makeEmbeddingStore } from '../support/embedding-rows.js';

let db: TestDatabase;
let store: EmbeddingStore;

beforeAll(async () => {
  db = await startTestDatabase();
  store = makeEmbeddingStore(db);
});
afterAll(() => db.close());

/** Its vector of a picture is the picture's mean colour, that of a text the colour it is: "255 0 0". */
const colourModel: Evaluated = {
  model: { name: 'mean-colour', dimensions: 3 },
  preprocessing: {
    scaling: { kind: 'stretch', width: 1, height: 1 },
    cropWidth: 1,
    cropHeight: 1,
    rescaleFactor: 1 / 255,
    mean: [0, 0, 0],
    std: [1, 1, 1],
  },
  encode: async ({ data }) => Promise.resolve(toUnitVector(Float32Array.from(data), 3)),
  encodeText: async (text) => Promise.resolve(toUnitVector(Float32Array.from(text.split(' '), Number), 3)),
  close: async () => Promise.resolve(),
};

type Rgb = readonly [red: number, green: number, blue: number];

function painted([red, green, blue]: Rgb): Promise<Buffer> {
  const background = { r: red, g: green, b: blue };
  return sharp({ create: { width: 8, height: 8, channels: 3, background } })
    .png()
    .toBuffer();
}

function picture(id: string, label: string, colour: Rgb): LabelledPicture {
  return { id, label, read: async () => painted(colour) };
}

describe('an evaluation', () => {
  const gallery = [
    picture('1', 'warm', [250, 10, 10]),
    picture('2', 'warm', [200, 60, 10]),
    picture('3', 'cold', [10, 10, 250]),
    picture('4', 'cold', [180, 120, 10]),
  ];
  const words = [
    { text: '255 0 0', right: new Set(['1', '2']) },
    { text: '0 0 255', right: new Set(['1', '3']) },
    { text: '0 255 0', right: new Set<string>() },
  ];
  const set: EvaluationSet = {
    name: 'colours',
    gallery,
    questions: [picture('a', 'warm', [255, 0, 0]), picture('b', 'cold', [20, 0, 255]), picture('c', 'none', [9, 9, 9])],
    wordsGallery: gallery,
    words: new Map([['colour', words]]),
  };

  it('counts what is right among the first ten, or among as many as there are right ones', async () => {
    const [pictures, texts] = await evaluateSet(set, { model: colourModel, store, hasWords: true });
    // "a" finds 1 and 2; "b" finds 3, then 2 where 4 would be right; there is nothing to find for "c".
    expect(pictures).toEqual({ question: 'by picture', count: 2, at1: 1, at10: 0.75 });
    // The first finds 1 and 2, the second 3 and then 2 where 1 would be right; the third can find nothing.
    expect(texts).toEqual({ question: 'by words: colour', count: 2, at1: 1, at10: 0.75 });
  });

  it('asks no words of a model that knows none', async () => {
    const results = await evaluateSet(set, { model: colourHistogram, store, hasWords: false });
    expect(results.map(({ question }) => question)).toEqual(['by picture']);
  });

  it('looks for words only where the model has not looked before', async () => {
    const unseen = [picture('a', 'warm', [255, 0, 0])];
    const question = { text: '255 0 0', right: new Set(['a']) };
    const other = { ...set, name: 'unseen', wordsGallery: unseen, words: new Map([['colour', [question]]]) };
    const [, texts] = await evaluateSet(other, { model: colourModel, store, hasWords: true });
    expect(texts).toMatchObject({ count: 1, at1: 1, at10: 1 });
  });
});

describe('the histogram of colours', () => {
  const pixelsOf = async (colour: Rgb) => ({
    data: await sharp(await painted(colour))
      .resize(112, 112)
      .raw()
      .toBuffer(),
    width: 112,
    height: 112,
  });

  it('has a vector of length 1, and others for other colours only', async () => {
    const encode = async (colour: Rgb) => colourHistogram.encode(await pixelsOf(colour), { priority: 'backfill' });
    const [red, alsoRed, blue] = await Promise.all([encode([200, 0, 0]), encode([210, 5, 5]), encode([0, 0, 200])]);
    expect(red).toHaveLength(512);
    expect(Math.hypot(...red)).toBeCloseTo(1);
    expect(alsoRed).toEqual(red);
    expect(red.reduce((sum, value, index) => sum + value * (blue[index] ?? 0), 0)).toBe(0);
  });
});

describe('the questions of the demo', () => {
  const set = demoSet();

  it('are a drawing of each product that the catalogue does not have', async () => {
    expect(set.questions.map(({ id }) => id)).toEqual(set.gallery.map(({ id }) => id));
    const [shown, asked] = [set.gallery[0], set.questions[0]];
    expect((await asked?.read())?.equals((await shown?.read()) ?? Buffer.alloc(0))).toBe(false);
  });

  it('are its kinds in words', () => {
    expect(
      set.words
        .get('kind')
        ?.map(({ text, right }) => `${right.size} ${text}`)
        .toSorted(),
    ).toEqual(
      [
        ...['backpack', 'bottle', 'chair', 'dress', 'handbag', 'hat', 'headphones', 'lamp', 'mug', 'plant pot'],
        ...['sneakers', 'sofa', 'sunglasses', 't-shirt', 'umbrella', 'watch'],
      ].map((noun) => `24 ${noun}`),
    );
  });

  it('are its colours and patterns with the kinds that have them', () => {
    const texts = (kind: string) => set.words.get(kind)?.map(({ text }) => text);
    expect(texts('colour and kind')).toContain('red mug');
    expect(texts('pattern and kind')).toContain('zigzag mug');
    expect(texts('pattern and kind')?.filter((text) => text.startsWith('plain'))).toEqual([]);
  });
});

describe('the questions of photographs', () => {
  async function folderWith(paths: readonly string[]): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'lookalike-evaluate-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    for (const path of paths) {
      await mkdir(join(folder, path, '..'), { recursive: true });
      await writeFile(join(folder, path), await painted([1, 2, 3]));
    }
    return folder;
  }

  it('are the folders by name, however deep', async () => {
    const folder = await folderWith([
      'train/Fruit/Apple/Pink-Lady/1.png',
      'train/Fruit/Lime/2.jpg',
      'val/Lime/3.jpg',
      'val/x.txt',
    ]);
    const set = await photographsSet('fruit', { gallery: join(folder, 'train'), questions: join(folder, 'val') });
    expect(set.gallery.map(({ id, label }) => [id, label])).toEqual([
      ['train/Fruit/Apple/Pink-Lady/1.png', 'Pink-Lady'],
      ['train/Fruit/Lime/2.jpg', 'Lime'],
    ]);
    expect(set.words.get('kind')).toEqual([{ text: 'lime', right: new Set(['val/Lime/3.jpg']) }]);
    expect(set.wordsGallery).toBe(set.questions);
  });

  it('need photographs', async () => {
    const folder = await folderWith(['notes.txt']);
    await expect(photographsSet('none', { gallery: folder, questions: folder })).rejects.toThrow(
      `There are no photographs in ${folder}.`,
    );
  });
});
