import type { EncodeOptions, ImageEncoder } from '../src/services/clip/image-encoder.js';
import { preprocessPhotograph } from '../src/services/clip/preprocess.js';
import type { EmbeddingRow } from '../src/services/vector/embedding-row.js';
import type { EmbeddingStore } from '../src/services/vector/embedding-store.js';
import type { ModelIdentity, Pixels } from '../src/types.js';
import { EvaluationError, type EvaluationSet, type LabelledPicture, type WordsQuestion } from './evaluation-set.js';
import { mapAtOnce } from './map-at-once.js';

/** What is evaluated. */
export interface Evaluated {
  images: Pick<ImageEncoder, 'model' | 'preprocessing'> & {
    encode: (pixels: Pixels, options: EncodeOptions) => Promise<Float32Array>;
  };
  /** Null for what knows no words, and is asked by pictures only. */
  encodeText: ((text: string) => Promise<Float32Array>) | null;
}

/** How much of what came first was right, in the mean over all questions. */
export interface Precision {
  /** "by picture", or what words said. */
  question: string;
  /** Questions that have a right answer; the others say nothing of a model. */
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
 * @throws EvaluationError for a picture that can't be read, naming it.
 */
export async function evaluateSet(
  set: EvaluationSet,
  { model, store }: { model: Evaluated; store: EmbeddingStore },
): Promise<Precision[]> {
  const asked = new Evaluation(set, model, store);
  await asked.embed();
  const precisions = [await asked.byPicture()];
  if (model.encodeText === null) return precisions;
  for (const [kind, questions] of set.words) {
    precisions.push(await asked.byWords(`by words: ${kind}`, questions, model.encodeText));
  }
  return precisions;
}

class Evaluation {
  private readonly identity: ModelIdentity;

  constructor(
    private readonly set: EvaluationSet,
    private readonly model: Evaluated,
    private readonly store: EmbeddingStore,
  ) {
    const { name, dimensions } = model.images.model;
    this.identity = { name: `${name} on ${set.name}`, dimensions };
  }

  /** Embeds and stores what is searched in, each picture as the only one of a product of its own id. */
  async embed(): Promise<void> {
    await this.store.ensureModel(this.identity);
    const pictures = [...new Set([...this.set.gallery, ...this.set.wordsGallery])];
    for (let start = 0; start < pictures.length; start += ROWS_PER_STATEMENT) {
      const part = pictures.slice(start, start + ROWS_PER_STATEMENT);
      const rows = await mapAtOnce(part, AT_ONCE, async (picture) => rowOf(picture.id, await this.vectorOf(picture)));
      await this.store.upsert(this.identity, rows);
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

  async byWords(
    question: string,
    questions: readonly WordsQuestion[],
    encodeText: (text: string) => Promise<Float32Array>,
  ): Promise<Precision> {
    const ids = this.set.wordsGallery.map(({ id }) => id);
    const ranks = await mapAtOnce(questions, AT_ONCE, async ({ text, right }) => {
      const found = await this.nearest(await encodeText(text), ids);
      return { isRight: found.map((id) => right.has(id)), count: right.size };
    });
    return summary(question, ranks);
  }

  private async nearest(vector: Float32Array, productIds: readonly string[]): Promise<string[]> {
    const form = await this.store.searchForm(this.identity);
    const options = { form, limit: TOP, after: null, productIds, excludedProductIds: [] };
    const { near } = await this.store.nearest(this.identity, vector, options);
    return near.map(({ imageId }) => imageId);
  }

  private async vectorOf(picture: LabelledPicture): Promise<Float32Array> {
    const { images } = this.model;
    try {
      const bytes = await picture.read();
      const { pixels } = await preprocessPhotograph(bytes, images.preprocessing, { maxPixels: MAX_PIXELS });
      return await images.encode(pixels, { priority: 'backfill' });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new EvaluationError(`The picture "${picture.id}" of ${this.set.name}: ${reason}`, { cause: error });
    }
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
