import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { colourHistogram } from '../../bench/colour-histogram.js';
import { evaluateSet, type Precision } from '../../bench/evaluate-set.js';
import { demoSet } from '../../bench/evaluation-set.js';
import { projectRoot } from '../../src/paths.js';
import { startClipEncoder } from '../../src/services/clip/clip-encoder.js';
import type { ClipEncoder } from '../../src/services/clip/image-encoder.js';
import { clipConfig } from '../support/clip-config.js';
import { startTestDatabase, type TestDatabase } from '../support/database.js';
import { makeEmbeddingStore } from '../support/embedding-rows.js';
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
  const precisions = await evaluateSet(set, { model, store, hasWords: true });
  found = new Map(precisions.map((precision) => [precision.question, precision]));
  [floor] = await evaluateSet(set, { model: colourHistogram, store, hasWords: false });
}, SLOW);

afterAll(async () => {
  await model.close();
  await db.close();
});

describe('the bundled CLIP in the demo', () => {
  it('finds a kind by a drawing that it has never seen, which colours alone do not', () => {
    expect(found.get('by picture')?.at10).toBeGreaterThanOrEqual(0.95);
    expect(floor?.at10).toBeLessThan(0.8);
  });

  it.each(['kind', 'colour and kind', 'pattern and kind'])('finds by words: %s', (words) => {
    expect(found.get(`by words: ${words}`)?.at10).toBeGreaterThanOrEqual(0.8);
  });
});

const run = promisify(execFile);

function evaluate(...args: string[]): Promise<{ stdout: string }> {
  const tsx = import.meta.resolve('tsx');
  const env = { PATH: process.env.PATH };
  return run(process.execPath, ['--import', tsx, join('bench', 'evaluate.ts'), ...args], { cwd: projectRoot, env });
}

describe('npm run evaluate', { timeout: SLOW }, () => {
  it('prints a table for folders of photographs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lookalike-evaluate-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    for (const [part, number] of [
      ['gallery', 1],
      ['gallery', 2],
      ['asked', 1],
    ] as const) {
      await mkdir(join(folder, part, `kind-${number}`), { recursive: true });
      await writeFile(join(folder, part, `kind-${number}`, '1.jpg'), await testPhotograph(number));
    }
    const { stdout } = await evaluate('--no-demo', '--photographs', `blocks=${folder}/gallery,${folder}/asked`);
    expect(stdout.split('\n').slice(0, 5)).toEqual([
      'tiny-clip, 512 numbers a vector',
      '',
      'blocks: 2 pictures to find in',
      expect.stringMatching(/^question +asked +@1 +@10 +histogram @1 +@10$/),
      expect.stringMatching(/^by picture +1 +1\.000 +1\.000 +1\.000 +1\.000$/),
    ]);
    expect(stdout).toMatch(/^by words: kind +1 +1\.000 +1\.000$/m);
  });

  it('says what it takes', async () => {
    await expect(evaluate('--no-demo', '--photographs', 'somewhere')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--photographs takes NAME=FOLDER,FOLDER, not "somewhere".') as unknown,
    });
  });
});
