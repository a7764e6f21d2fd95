import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateSet, type Evaluated } from '../../bench/evaluate-set.js';
import { EvaluationError, type EvaluationSet, type LabelledPicture } from '../../bench/evaluation-set.js';
import { toUnitVector } from '../../src/services/clip/unit-vector.js';
import type { EmbeddingStore } from '../../src/services/vector/embedding-store.js';
import { startTestDatabase, type TestDatabase } from '../support/database.js';
import { makeEmbeddingStore } from '../support/embedding-rows.js';
import { painted, type Rgb } from '../support/painted-picture.js';

let db: TestDatabase;
let store: EmbeddingStore;

beforeAll(async () => {
  db = await startTestDatabase();
  store = makeEmbeddingStore(db);
});
afterAll(() => db.close());

/** Its vector of a picture is the picture's mean colour, that of a text the colour it is: "255 0 0". */
const colourModel: Evaluated = {
  images: {
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
  },
  encodeText: async (text) => Promise.resolve(toUnitVector(Float32Array.from(text.split(' '), Number), 3)),
};

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
    const [pictures, texts] = await evaluateSet(set, { model: colourModel, store });
    // "a" finds 1 and 2; "b" finds 3, then 2 where 4 would be right; there is nothing to find for "c".
    expect(pictures).toEqual({ question: 'by picture', count: 2, at1: 1, at10: 0.75 });
    // The first finds 1 and 2, the second 3 and then 2 where 1 would be right; the third can find nothing.
    expect(texts).toEqual({ question: 'by words: colour', count: 2, at1: 1, at10: 0.75 });
  });

  it('looks at ten and no more, and at the first apart', async () => {
    // By how red they are: a wrong one first, then twelve right ones, of which nine are among the ten.
    const twelve = Array.from({ length: 12 }, (_, at) => picture(`r${at}`, 'red', [200, 40 + at, 0]));
    const many: EvaluationSet = {
      name: 'many',
      gallery: [picture('other', 'blue', [255, 0, 0]), ...twelve],
      questions: [picture('q', 'red', [255, 0, 0])],
      wordsGallery: [],
      words: new Map(),
    };
    const [pictures] = await evaluateSet(many, { model: colourModel, store });
    expect(pictures).toEqual({ question: 'by picture', count: 1, at1: 0, at10: 0.9 });
  });

  it('asks no words of a model that knows none', async () => {
    const results = await evaluateSet({ ...set, name: 'mute' }, { model: { ...colourModel, encodeText: null }, store });
    expect(results.map(({ question }) => question)).toEqual(['by picture']);
  });

  it('looks for words among the pictures that are meant for it', async () => {
    const unseen = [picture('a', 'warm', [255, 0, 0])];
    const question = { text: '0 0 255', right: new Set(['a']) };
    const other = { ...set, name: 'unseen', wordsGallery: unseen, words: new Map([['colour', [question]]]) };
    const [, texts] = await evaluateSet(other, { model: colourModel, store });
    expect(texts).toMatchObject({ count: 1, at1: 1, at10: 1 });
  });

  it('names a picture that is none', async () => {
    const broken = { id: '5', label: 'warm', read: async () => Promise.resolve(Buffer.from('not a picture')) };
    const other = { ...set, name: 'damaged', gallery: [...gallery, broken] };
    await expect(evaluateSet(other, { model: colourModel, store })).rejects.toThrow(EvaluationError);
    await expect(evaluateSet(other, { model: colourModel, store })).rejects.toThrow('The picture "5" of damaged: ');
  });
});
