/**
 * How well a model finds, along the product's own path: sharp, the model's thread, pgvector. Beside it stands the histogram of
 * colours, as the floor that a model has to be above.
 *
 *   npm run evaluate                                        the demo's catalogue
 *   npm run evaluate -- --photographs clothing=DIR,DIR      also photographs: folders to find in, and folders to ask with
 *   npm run evaluate -- --no-demo ...                       only those
 *
 * `CLIP_MODEL` names the model, and the other CLIP_ settings hold as well; tiny-clip by default. In a folder of photographs,
 * each folder at the bottom is a label. `demoSet` and `photographsSet` in evaluation-set.ts say what is asked, `Precision` in
 * evaluate-set.ts what the figures are.
 */
import { parseArgs } from 'node:util';
import { formatTable } from '../src/cli/format-table.js';
import { loadConfig } from '../src/config.js';
import { ModelUnavailableError } from '../src/errors.js';
import { startClipEncoder } from '../src/services/clip/clip-encoder.js';
import { silentLog } from '../test/support/silent-log.js';
import { colourHistogram } from './colour-histogram.js';
import { evaluateSet, type Evaluated, type Precision } from './evaluate-set.js';
import { demoSet, photographsSet, type EvaluationSet } from './evaluation-set.js';
import { openEvaluationStore } from './evaluation-store.js';

const { values } = parseArgs({
  options: {
    photographs: { type: 'string', multiple: true, default: [] },
    demo: { type: 'boolean', default: true },
  },
  allowNegative: true,
});

const config = loadConfig({ CLIP_MODEL: 'tiny-clip', ...process.env });
const sets = [...(values.demo ? [demoSet()] : []), ...(await Promise.all(values.photographs.map(readSet)))];
const model = await startClipEncoder({ config: config.clip, log: silentLog });
const { store, close } = await openEvaluationStore();
console.log(`${model.model.name}, ${model.model.dimensions} numbers a vector`);
const hasWords = await hasTextTower();
for (const set of sets) await printSet(set);
await model.close();
await close();

async function readSet(given: string): Promise<EvaluationSet> {
  const [, name, gallery, questions] = /^([^=]+)=([^,]+),([^,]+)$/.exec(given) ?? [];
  if (name === undefined || gallery === undefined || questions === undefined) {
    throw new Error(`--photographs takes NAME=FOLDER,FOLDER, not "${given}".`);
  }
  return photographsSet(name, { gallery, questions });
}

async function printSet(set: EvaluationSet): Promise<void> {
  const found = await measure(set, model, { hasWords });
  const [floor] = await measure(set, colourHistogram, { hasWords: false });
  const rows = found.map((precision) => [
    precision.question,
    String(precision.count),
    ...shown(precision),
    ...(precision.question === floor?.question ? shown(floor) : ['', '']),
  ]);
  console.log(`\n${set.name}: ${set.gallery.length} pictures to find in`);
  console.log(formatTable(['question', 'asked', '@1', '@10', 'histogram @1', '@10'], rows));
}

function measure(set: EvaluationSet, asked: Evaluated, { hasWords }: { hasWords: boolean }): Promise<Precision[]> {
  return evaluateSet(set, { model: asked, store, hasWords });
}

/** Says so where the model has none. */
async function hasTextTower(): Promise<boolean> {
  try {
    await model.encodeText('mug');
    return true;
  } catch (error) {
    if (!(error instanceof ModelUnavailableError)) throw error;
    console.log(error.message);
    return false;
  }
}

function shown({ at1, at10 }: Precision): string[] {
  return [at1.toFixed(3), at10.toFixed(3)];
}
