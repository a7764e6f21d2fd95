/**
 * How well a model finds, along the product's own path: sharp, the model's thread, pgvector. Beside it stands the histogram of
 * colours, as the floor that a model has to be above.
 *
 *   npm run evaluate                                        the demo's catalogue
 *   npm run evaluate -- --photographs clothing=DIR,DIR      also photographs: folders to find in, and folders to ask with
 *   npm run evaluate -- --no-demo ...                       only those
 *
 * `CLIP_MODEL` names the model, and the other CLIP_ variables of the environment hold as well; tiny-clip by default. In a folder
 * of photographs, each folder at the bottom is a label. `demoSet` and `photographsSet` in evaluation-set.ts say what is asked,
 * `Precision` in evaluate-set.ts what the figures are. tiny-clip has been trained on the train and validation folders that its
 * card names: of it, only photographs that are in neither tell anything.
 */
import { parseArgs } from 'node:util';
import { formatTable } from '../src/cli/format-table.js';
import { loadConfig } from '../src/config.js';
import { AppError, ModelUnavailableError } from '../src/errors.js';
import { startClipEncoder } from '../src/services/clip/clip-encoder.js';
import type { ClipEncoder } from '../src/services/clip/image-encoder.js';
import { silentLog } from '../test/support/silent-log.js';
import { colourHistogram } from './colour-histogram.js';
import { evaluateSet, type Evaluated, type Precision } from './evaluate-set.js';
import { demoSet, EvaluationError, photographsSet, type EvaluationSet } from './evaluation-set.js';
import { withEvaluationStore } from './evaluation-store.js';

try {
  await main();
} catch (error) {
  if (!(error instanceof EvaluationError || error instanceof AppError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      photographs: { type: 'string', multiple: true, default: [] },
      demo: { type: 'boolean', default: true },
    },
    allowNegative: true,
  });
  const sets = [...(values.demo ? [demoSet()] : []), ...(await Promise.all(values.photographs.map(readSet)))];
  if (sets.length === 0) throw new EvaluationError('Without the demo there is nothing to find: give --photographs.');
  const config = loadConfig({ CLIP_MODEL: 'tiny-clip', ...process.env });
  const encoder = await startClipEncoder({ config: config.clip, log: silentLog });
  try {
    await printAll(sets, encoder);
  } finally {
    await encoder.close();
  }
}

async function readSet(given: string): Promise<EvaluationSet> {
  const [, name, gallery, questions] = /^([^=]+)=([^,]+),([^,]+)$/.exec(given) ?? [];
  if (name === undefined || gallery === undefined || questions === undefined) {
    throw new EvaluationError(`--photographs takes NAME=FOLDER,FOLDER, not "${given}".`);
  }
  return photographsSet(name, { gallery, questions });
}

async function printAll(sets: readonly EvaluationSet[], encoder: ClipEncoder): Promise<void> {
  console.log(`${encoder.model.name}, ${encoder.model.dimensions} numbers a vector`);
  const model: Evaluated = { images: encoder, encodeText: await textTowerOf(encoder) };
  await withEvaluationStore(async (store) => {
    for (const set of sets) {
      const found = await evaluateSet(set, { model, store });
      const [floor] = await evaluateSet(set, { model: colourHistogram, store });
      printSet(set, found, floor);
    }
  });
}

/** Null where the model has none, which is said. */
async function textTowerOf(encoder: ClipEncoder): Promise<Evaluated['encodeText']> {
  try {
    await encoder.encodeText('mug');
    return (text) => encoder.encodeText(text);
  } catch (error) {
    if (!(error instanceof ModelUnavailableError)) throw error;
    console.log(error.message);
    return null;
  }
}

function printSet(set: EvaluationSet, found: readonly Precision[], floor: Precision | undefined): void {
  const rows = found.map((precision) => [
    precision.question,
    String(precision.count),
    ...shown(precision),
    ...(precision.question === floor?.question ? shown(floor) : ['', '']),
  ]);
  console.log(`\n${set.name}: ${set.gallery.length} pictures to find in`);
  console.log(formatTable(['question', 'asked', '@1', '@10', 'histogram @1', '@10'], rows));
}

function shown({ at1, at10 }: Precision): string[] {
  return [at1.toFixed(3), at10.toFixed(3)];
}
