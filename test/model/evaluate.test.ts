import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { colourHistogram } from '../../bench/colour-histogram.js';
import { evaluateSet, type Precision } from '../../bench/evaluate-set.js';
import { demoSet } from '../../bench/evaluation-set.js';
import { projectRoot } from '../../src/paths.js';
import { startClipEncoder } from '../../src/services/clip/clip-encoder.js';
import type { ClipEncoder } from '../../src/services/clip/image-encoder.js';
import { clipConfig } from '../support/clip-config.js';
import { startTestDatabase, type TestDatabase } from '../support/database.js';
import { makeEmbeddingStore } from '../support/embedding-rows.js';
import { copyImageTower } from '../support/model-copies.js';
import { silentLog } from '../support/silent-log.js';
import { testPhotograph } from '../support/test-photographs.js';

/** Drawing and embedding them takes seconds; the whole demo is what `npm run evaluate` is for. */
const PRODUCTS_PER_KIND = 6;
const SLOW = 120_000;

let db: TestDatabase;
let model: ClipEncoder;
let found: Map<string, Precision>;
let floor: Precision | undefined;

beforeAll(async () => {
  db = await startTestDatabase();
  model = await startClipEncoder({ config: clipConfig(), log: silentLog });
  const set = demoSet(PRODUCTS_PER_KIND);
  const store = makeEmbeddingStore(db);
  const evaluated = { images: model, encodeText: async (text: string) => model.encodeText(text) };
  const precisions = await evaluateSet(set, { model: evaluated, store });
  found = new Map(precisions.map((precision) => [precision.question, precision]));
  [floor] = await evaluateSet(set, { model: colourHistogram, store });
}, SLOW);

afterAll(async () => {
  await model.close();
  await db.close();
});

describe('the bundled CLIP in the demo', () => {
  it('finds a kind by a drawing that it has never seen, and more surely than colours alone', () => {
    // Harder than in the whole demo, with its 24 products of a kind.
    expect(found.get('by picture')?.at10).toBeGreaterThanOrEqual(0.9);
    expect(floor?.at10).toBeLessThan(found.get('by picture')?.at10 ?? 0);
  });

  // Small patterns are what it is bad at: see its card.
  it.each([
    ['kind', 0.95],
    ['colour and kind', 0.8],
    ['pattern and kind', 0.4],
  ])('finds by words: %s', (words, least) => {
    expect(found.get(`by words: ${words}`)?.at10).toBeGreaterThanOrEqual(least);
  });
});

const run = promisify(execFile);

async function folderWith(photographs: Readonly<Record<string, number>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-evaluate-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [path, number] of Object.entries(photographs)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), await testPhotograph(number));
  }
  return folder;
}

describe('npm run evaluate', { timeout: SLOW }, () => {
  /** Keeps what it writes in a folder of its own, which should be empty in the end. */
  async function evaluate(args: readonly string[], more: Record<string, string> = {}): Promise<string> {
    const tmp = await folderWith({});
    const env = { PATH: process.env.PATH, TMPDIR: tmp, ...more };
    const program = join(projectRoot, inject('programs'), 'evaluate.js');
    try {
      return (await run(process.execPath, [program, ...args], { cwd: projectRoot, env })).stdout;
    } finally {
      const left = (await readdir(tmp)).filter((name) => name.startsWith('lookalike'));
      expect(left).toEqual([]);
    }
  }

  const shelf = {
    'shelf/one/1.jpg': 1,
    'shelf/two/1.jpg': 2,
    'asked/one/1.jpg': 1,
    'asked/two/1.jpg': 2,
    'asked/two/2.jpg': 1,
  };

  it('prints a table for folders of photographs', async () => {
    const folder = await folderWith(shelf);
    const stdout = await evaluate(['--no-demo', '--photographs', `blocks=${folder}/shelf,${folder}/asked`]);
    expect(stdout.split('\n').slice(0, 5)).toEqual([
      'tiny-clip, 512 numbers a vector',
      '',
      'blocks: 2 pictures to find in',
      expect.stringMatching(/^question +asked +@1 +@10 +histogram @1 +@10$/),
      // The last one lies in the wrong folder.
      expect.stringMatching(/^by picture +3 +0\.667 +0\.667 +0\.667 +0\.667$/),
    ]);
    expect(stdout).toMatch(/^by words: kind +2 +[01]\.\d{3} +[01]\.\d{3}$/m);
  });

  it('asks no words of a model that has no text tower, says so, and ends with 1 at a photograph that is damaged', async () => {
    const folder = await folderWith({ ...shelf, 'damaged/one/1.jpg': 1 });
    await copyImageTower(join(folder, 'pictures'));
    await writeFile(join(folder, 'damaged/one/1.jpg'), 'not a photograph');
    const sets = [`blocks=${folder}/shelf,${folder}/asked`, `others=${folder}/damaged,${folder}/asked`];
    const args = ['--no-demo', ...sets.flatMap((set) => ['--photographs', set])];
    const ended = await evaluate(args, { CLIP_MODEL: join(folder, 'pictures') }).catch((error: unknown) => error);
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^The picture "gallery one\/1\.jpg" of others: .*\n$/) as unknown,
    });
    const { stdout } = ended as { stdout: string };
    expect(stdout).toContain('The model "pictures" has no text tower');
    expect(stdout).toContain('by picture');
    expect(stdout).not.toMatch(/^by words/m);
  });

  it.each([
    [
      'something else than two folders',
      ['--photographs', 'somewhere'],
      '--photographs takes NAME=FOLDER,FOLDER, not "somewhere".',
    ],
    ['folders that are not there', ['--photographs', 'a=/no/such,/folder'], "The folder /no/such can't be read."],
    ['nothing', [], 'Without the demo there is nothing to find: give --photographs.'],
  ])('ends with 1 and a sentence for %s', async (_what, args, message) => {
    await expect(evaluate(['--no-demo', ...args])).rejects.toMatchObject({ code: 1, stderr: `${message}\n` });
  });

  it('ends with 1 and a sentence for a model that is none', async () => {
    const folder = await folderWith(shelf);
    const args = ['--no-demo', '--photographs', `blocks=${folder}/shelf,${folder}/asked`];
    await expect(evaluate(args, { CLIP_MODEL: 'no-such-clip' })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^There is no model "no-such-clip"\..*\n$/) as unknown,
    });
  });
});
