import type { ImageEncoder } from '../src/services/clip/image-encoder.js';
import { preprocessPhotograph } from '../src/services/clip/preprocess.js';
import type { EmbeddingRow } from '../src/services/vector/embedding-row.js';
import type { EmbeddingStore } from '../src/services/vector/embedding-store.js';
import type { ModelIdentity } from '../src/types.js';
import type { EvaluationSet, LabelledPicture } from './evaluation-set.js';
import { mapAtOnce } from './map-at-once.js';

/** What is asked of a model: a vector of a text, where it has a text tower. */
export type Evaluated = ImageEncoder & { encodeText?(text: string): Promise<Float32Array> };

/** How much of what came first was right, in the mean over all questions. */
export interface Precision {
  /** "by picture", or what words said. */
  question: string;
  count: number;
  /** Share of questions whose first answer is right. */
  at1: number;
  /** Share of the first ten that is right; of as many as there are right ones, where those are fewer. */
  at10: number;
}

/** Pictures that are drawn or decoded and encoded at the same time: enough to keep the model busy. */
const AT_ONCE = 8;

const ROWS_PER_STATEMENT = 500;

/** More than any photograph of a set has. */
const MAX_PIXELS = 40_000_000;

const TOP = 10;

/**
 * Asks a set's questions of a model along the product's own path: decoded and scaled by sharp, encoded in the model's thread,
 * stored and compared in Postgres.
 *
 * @param options.hasWords - whether to ask with words, which takes a model with a text tower.
 */
export async function evaluateSet(
  set: EvaluationSet,
  { model, store, hasWords }: { model: Evaluated; store: EmbeddingStore; hasWords: boolean },
): Promise<Precision[]> {
  const asked = new Evaluation(set, { model, store });
  await asked.embed();
  const precisions = [await asked.byPicture()];
  for (const kind of hasWords ? set.words.keys() : []) precisions.push(await asked.byWords(kind));
  return precisions;
}

class Evaluation {
  private readonly identity: ModelIdentity;

  constructor(
    private readonly set: EvaluationSet,
    private readonly parts: { model: Evaluated; store: EmbeddingStore },
  ) {
    const { name, dimensions } = parts.model.model;
    this.identity = { name: `${name} on ${set.name}`, dimensions };
  }

  /** Embeds and stores what is searched in, each picture as the only one of a product of its own id. */
  async embed(): Promise<void> {
    await this.parts.store.ensureModel(this.identity);
    const pictures = [...new Set([...this.set.gallery, ...this.set.wordsGallery])];
    for (let start = 0; start < pictures.length; start += ROWS_PER_STATEMENT) {
      const part = pictures.slice(start, start + ROWS_PER_STATEMENT);
      const rows = await mapAtOnce(part, AT_ONCE, async (picture) => rowOf(picture.id, await this.vectorOf(picture)));
      await this.parts.store.upsert(this.identity, rows);
    }
  }

  async byPicture(): Promise<Precision> {
    const label = new Map(this.set.gallery.map((picture) => [picture.id, picture.label]));
    const ids = [...label.keys()];
    const labels = [...label.values()];
    const ranks = await mapAtOnce(this.set.questions, AT_ONCE, async (picture) => {
      const found = await this.nearest(await this.vectorOf(picture), ids);
      const count = labels.filter((other) => other === picture.label).length;
      return { isRight: found.map((id) => label.get(id) === picture.label), count };
    });
    return summary('by picture', ranks);
  }

  async byWords(kind: string): Promise<Precision> {
    const ids = this.set.wordsGallery.map(({ id }) => id);
    const questions = this.set.words.get(kind) ?? [];
    const ranks = await mapAtOnce(questions, AT_ONCE, async ({ text, right }) => {
      const found = await this.nearest(await this.encodeText(text), ids);
      return { isRight: found.map((id) => right.has(id)), count: right.size };
    });
    return summary(`by words: ${kind}`, ranks);
  }

  private async encodeText(text: string): Promise<Float32Array> {
    const { model } = this.parts;
    if (model.encodeText === undefined) throw new Error(`${model.model.name} has no text tower.`);
    return model.encodeText(text);
  }

  private async nearest(vector: Float32Array, productIds: readonly string[]): Promise<string[]> {
    const { store } = this.parts;
    const form = await store.searchForm(this.identity);
    const options = { form, limit: TOP, after: null, productIds, excludedProductIds: [] };
    const { near } = await store.nearest(this.identity, vector, options);
    return near.map(({ imageId }) => imageId);
  }

  private async vectorOf(picture: LabelledPicture): Promise<Float32Array> {
    const { model } = this.parts;
    const bytes = await picture.read();
    const { pixels } = await preprocessPhotograph(bytes, model.preprocessing, { maxPixels: MAX_PIXELS });
    return model.encode(pixels, { priority: 'backfill' });
  }
}

function rowOf(id: string, vector: Float32Array): EmbeddingRow {
  return { imageId: id, productId: id, imageUrl: id, isMain: true, sourceUpdatedAt: null, vector };
}

/** What came of a question: whether each answer is right, and how many right ones there are. */
interface Ranks {
  isRight: readonly boolean[];
  count: number;
}

function summary(question: string, ranks: readonly Ranks[]): Precision {
  const answerable = ranks.filter(({ count }) => count > 0);
  const mean = (k: number) =>
    answerable.reduce((sum, { isRight, count }) => sum + precisionAt(isRight, Math.min(k, count)), 0) /
    answerable.length;
  return { question, count: answerable.length, at1: mean(1), at10: mean(TOP) };
}

function precisionAt(isRight: readonly boolean[], k: number): number {
  return isRight.slice(0, k).filter(Boolean).length / k;
}
