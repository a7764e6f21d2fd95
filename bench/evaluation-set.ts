import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { DEMO_KINDS } from '../demo/demo-kinds.js';
import { makeDemoProducts, type DemoProduct } from '../demo/demo-products.js';
import { renderDemoImage } from '../demo/render-demo-image.js';

/** What was given can't be evaluated; the message says why. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}

/** A picture of which is known what it shows. */
export interface LabelledPicture {
  id: string;
  /** What it is to be found by: pictures of one label belong together. */
  label: string;
  read(): Promise<Buffer>;
}

/** Words, and the pictures that they are meant for. */
export interface WordsQuestion {
  text: string;
  /** Ids of the pictures that are right. */
  right: ReadonlySet<string>;
}

/** Pictures and words to ask with, and the pictures to find. */
export interface EvaluationSet {
  name: string;
  /** What pictures are searched in. */
  gallery: readonly LabelledPicture[];
  /** Pictures that are not in the gallery; those of their label are right. */
  questions: readonly LabelledPicture[];
  /** What words are searched in. */
  wordsGallery: readonly LabelledPicture[];
  /** By what the words say: "kind", "colour and kind". */
  words: ReadonlyMap<string, readonly WordsQuestion[]>;
}

/** The view that the demo's catalogue has no picture of. */
const UNSEEN_VIEW = 3;

/**
 * The demo's catalogue. Each product is asked for with a drawing that the catalogue does not have, and is right with its
 * kind, the product itself included; words ask for kinds, kinds in a colour and kinds with a pattern, as far as the catalogue
 * has them.
 *
 * @param productsPerKind - the first of each kind; all 24 by default.
 */
export function demoSet(productsPerKind = Infinity): EvaluationSet {
  const products = makeDemoProducts().filter(({ id }) => id <= productsPerKind * DEMO_KINDS.length);
  const gallery = products.map((product) => drawing(product, 1));
  return {
    name: 'demo',
    gallery,
    questions: products.map((product) => drawing(product, UNSEEN_VIEW)),
    wordsGallery: gallery,
    words: new Map([
      ['kind', wordsSaying(products, nounOf)],
      ['colour and kind', wordsSaying(products, (product) => `${product.design.colour} ${nounOf(product)}`)],
      ['pattern and kind', wordsSaying(products, patternOf)],
    ]),
  };
}

/** Each text that says something of a product, for all products of which it is said. */
function wordsSaying(products: readonly DemoProduct[], say: (product: DemoProduct) => string | null): WordsQuestion[] {
  const right = new Map<string, Set<string>>();
  for (const product of products) {
    const text = say(product);
    if (text !== null) right.set(text, (right.get(text) ?? new Set()).add(String(product.id)));
  }
  return [...right].map(([text, ids]) => ({ text, right: ids }));
}

/** A picture that is drawn when it is first read, and kept: each model that is asked reads it. */
function drawing(product: DemoProduct, view: number): LabelledPicture {
  let drawn: Promise<Buffer> | null = null;
  const read = async () => (drawn ??= renderDemoImage(product, { view }));
  return { id: String(product.id), label: product.category, read };
}

/** "mug" of "Mugs"; what comes in pairs keeps its plural. */
function nounOf({ category }: DemoProduct): string {
  const kind = category.toLowerCase();
  if (/^(sneakers|headphones|sunglasses)$/.test(kind)) return kind;
  return kind.replace(/(?<=ss|ch)es$|s$/, '');
}

function patternOf(product: DemoProduct): string | null {
  return product.design.pattern === 'plain' ? null : `${product.design.pattern} ${nounOf(product)}`;
}

/**
 * Folders of photographs, in which each folder is a label: photographs of one folder ask for those of its namesake in the
 * other, and the names of the folders, as words, for photographs that ask: a model may have been trained on the others.
 *
 * @throws EvaluationError where a folder holds no photographs, lies within the other, or has no folder in common with it.
 */
export async function photographsSet(
  name: string,
  folders: { gallery: string; questions: string },
): Promise<EvaluationSet> {
  checkApart(folders);
  const gallery = await photographsBelow(folders.gallery, 'gallery');
  const questions = await photographsBelow(folders.questions, 'question');
  const labels = new Set(questions.map(({ label }) => label));
  if (!gallery.some(({ label }) => labels.has(label))) {
    throw new EvaluationError(`No folder in ${folders.gallery} has the name of one in ${folders.questions}.`);
  }
  const kinds = [...labels].toSorted().map((label) => ({
    text: wordsOf(label),
    right: new Set(questions.filter((photograph) => photograph.label === label).map(({ id }) => id)),
  }));
  return { name, gallery, questions, wordsGallery: questions, words: new Map([['kind', kinds]]) };
}

/** A photograph that asks for itself would always be found. */
function checkApart({ gallery, questions }: { gallery: string; questions: string }): void {
  const isWithin = (inner: string, outer: string) => !relative(outer, inner).startsWith('..');
  if (isWithin(gallery, questions) || isWithin(questions, gallery)) {
    throw new EvaluationError(`${gallery} and ${questions} have photographs in common: give two folders apart.`);
  }
}

async function photographsBelow(folder: string, use: 'gallery' | 'question'): Promise<LabelledPicture[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch((error: unknown) => {
    throw new EvaluationError(`The folder ${folder} can't be read.`, { cause: error });
  });
  const paths = entries
    .filter((entry) => entry.isFile() && /\.(jpe?g|png|webp)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  if (paths.length === 0) throw new EvaluationError(`There are no photographs in ${folder}.`);
  return paths.map((path) => ({
    id: `${use} ${relative(folder, path)}`,
    label: basename(dirname(path)),
    read: async () => readFile(path),
  }));
}

/** "granny smith" of "Granny-Smith". */
function wordsOf(label: string): string {
  return label.replaceAll(/[-_]+/g, ' ').toLowerCase();
}
