import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { colourHistogram } from '../../bench/colour-histogram.js';
import { demoSet, EvaluationError, photographsSet } from '../../bench/evaluation-set.js';
import { painted, type Rgb } from '../support/painted-picture.js';

describe('the histogram of colours', () => {
  it('has a vector of length 1, and others for other colours only', async () => {
    const encode = async (colour: Rgb) => {
      const data = Buffer.concat(Array.from({ length: 112 * 112 }, () => Buffer.from(colour)));
      return colourHistogram.images.encode({ data, width: 112, height: 112 }, { priority: 'backfill' });
    };
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
      await mkdir(dirname(join(folder, path)), { recursive: true });
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
      ['gallery Fruit/Apple/Pink-Lady/1.png', 'Pink-Lady'],
      ['gallery Fruit/Lime/2.jpg', 'Lime'],
    ]);
    expect(set.words.get('kind')).toEqual([{ text: 'lime', right: new Set(['question Lime/3.jpg']) }]);
    expect(set.wordsGallery).toBe(set.questions);
  });

  it.each([
    ['need photographs', ['a/x.txt', 'b/Lime/1.png'], 'There are no photographs in FOLDER/a.'],
    [
      'need a label in common',
      ['a/Lemon/1.png', 'b/Lime/1.png'],
      'No folder in FOLDER/a has the name of one in FOLDER/b.',
    ],
    ['need folders that can be read', ['b/Lime/1.png'], "The folder FOLDER/a can't be read."],
  ])('%s', async (_what, paths, message) => {
    const folder = await folderWith(paths);
    const asked = photographsSet('none', { gallery: join(folder, 'a'), questions: join(folder, 'b') });
    await expect(asked).rejects.toThrow(new EvaluationError(message.replaceAll('FOLDER', folder)));
  });

  it('are not those that are searched in', async () => {
    const folder = await folderWith(['a/Lime/1.png']);
    const within = join(folder, 'a');
    const sentence = (gallery: string, questions: string) =>
      new EvaluationError(`${gallery} and ${questions} have photographs in common: give two folders apart.`);
    for (const [gallery, questions] of [
      [folder, within],
      [within, folder],
      [within, within],
    ] as const) {
      await expect(photographsSet('same', { gallery, questions })).rejects.toThrow(sentence(gallery, questions));
    }
  });
});
