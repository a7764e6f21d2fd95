import { AppError, BadUserInputError } from '../errors.js';
import type { ModelIdentity } from '../types.js';
import type { Catalog } from './catalog/catalog.js';
import { composeVectors, type QuestionWeights } from './compose-vectors.js';
import { queryImageExpired, type QueryImage, type QueryImageService } from './query-image.js';
import type { RequestLoaders } from './request-loaders.js';
import type { SearchQuery } from './search-query.js';
import type { ServingModel } from './serving-model.js';

/** A picture in a question. */
export type QuestionPicture = { kind: 'product'; id: string } | { kind: 'queryImage'; id: string };

/** What results should not be like. */
export type QuestionCounterexample = QuestionPicture | { kind: 'text'; text: string };

/** Words, pictures and counterexamples, each with a weight. */
export interface WordsQuestion {
  /** Null where there are pictures only. */
  text: string | null;
  images: readonly QuestionPicture[];
  unlike: readonly QuestionCounterexample[];
  weights: QuestionWeights;
}

/** What became of a question: a query, or the word that a product in it is not embedded yet. */
export type AskedQuestion = { kind: 'query'; query: SearchQuery } | { kind: 'notEmbedded'; model: ModelIdentity };

export interface WordsQuestionsOptions {
  catalog: Catalog;
  serving: ServingModel;
  queryImages: Pick<QueryImageService, 'find'>;
}

/** A model looks at some 60 words; what is much longer was not meant for it. */
export const MAX_TEXT_LENGTH = 500;

export const MAX_QUESTION_IMAGES = 10;

const MAX_WEIGHT = 100;

/** What the parts of one question are looked up with. */
interface Lookup {
  model: ModelIdentity;
  /** The query images that it names, by id. */
  handles: ReadonlyMap<string, QueryImage>;
  context: QuestionContext;
}

export interface QuestionContext {
  loaders: RequestLoaders;
  signal?: AbortSignal;
}

/** A part of a question as the model sees it. */
interface SeenPart {
  vector: Float32Array;
  contentHash: string | null;
}

/** Makes queries of words, pictures and counterexamples. */
export class WordsQuestions {
  constructor(private readonly options: WordsQuestionsOptions) {}

  /**
   * @throws BadUserInputError where the question is out of bounds.
   * @throws AppError NOT_FOUND for a product that the shop does not have, QUERY_IMAGE_EXPIRED for a query image that is gone.
   * @throws ModelUnavailableError where there are words, and the model has no text tower.
   */
  async toQuery(given: WordsQuestion, context: QuestionContext): Promise<AskedQuestion> {
    const question = this.canonical(given);
    checkQuestion(question);
    const handles = await this.findHandles(question);
    const lookup = { model: await this.modelFor(question, handles), handles, context };
    const see = (part: QuestionPart, argument: string) => this.see(part, { ...lookup, argument });
    const [text, images, unlike] = await Promise.all([
      Promise.all(textParts(question).map((part) => see(part, 'input.text'))),
      Promise.all(question.images.map((part) => see(part, 'input.images'))),
      Promise.all(question.unlike.map((part) => see(part, 'input.unlike'))),
    ]);
    const seen = { text: text.filter(isSeen), images: images.filter(isSeen), unlike: unlike.filter(isSeen) };
    if (seen.images.length < images.length || seen.unlike.length < unlike.length) {
      return { kind: 'notEmbedded', model: lookup.model };
    }
    return { kind: 'query', query: toQuery(question, seen, lookup.model) };
  }

  /** One product has many spellings, as "01" and "1". */
  private canonical(question: WordsQuestion): WordsQuestion {
    const canonical = <Part extends QuestionPart>(part: Part, argument: string): Part => {
      if (part.kind !== 'product') return part;
      const [id = part.id] = this.options.catalog.canonicalProductIds([part.id], argument);
      return { ...part, id };
    };
    return {
      ...question,
      images: question.images.map((part) => canonical(part, 'input.images')),
      unlike: question.unlike.map((part) => canonical(part, 'input.unlike')),
    };
  }

  private async findHandles({ images, unlike }: WordsQuestion): Promise<Map<string, QueryImage>> {
    const handles = new Map<string, QueryImage>();
    for (const [argument, parts] of [['input.images', images] as const, ['input.unlike', unlike] as const]) {
      for (const part of parts) {
        if (part.kind !== 'queryImage' || handles.has(part.id)) continue;
        const handle = await this.options.queryImages.find(part.id);
        if (handle === null) throw queryImageExpired(part.id, argument);
        handles.set(part.id, handle);
      }
    }
    return handles;
  }

  /** A query image has a vector of one model only, so it decides for the rest. */
  private async modelFor(question: WordsQuestion, handles: ReadonlyMap<string, QueryImage>): Promise<ModelIdentity> {
    const models = new Map([...handles.values()].map(({ model }) => [model.name, model]));
    if (models.size > 1) {
      throw new BadUserInputError(
        'input.images',
        `The query images of \`input\` were made with different models (${[...models.keys()].join(', ')}): make them anew with createQueryImage.`,
      );
    }
    const [ofHandles] = models.values();
    if (ofHandles !== undefined) return ofHandles;
    return hasWords(question) ? (await this.options.serving.encoder()).model : this.options.serving.identity();
  }

  /** Null for a product that is not embedded yet. */
  private async see(part: QuestionPart, lookup: Lookup & { argument: string }): Promise<SeenPart | null> {
    const { model, handles, context } = lookup;
    switch (part.kind) {
      case 'text': {
        const encoder = await this.options.serving.encoderOf(model);
        return { vector: await encoder.encodeText(part.text, { signal: context.signal }), contentHash: null };
      }
      case 'queryImage':
        return handles.get(part.id) ?? null;
      case 'product': {
        const own = await context.loaders.ownEmbedding.load({ model, productId: part.id });
        if (own === null && (await context.loaders.product.load(part.id)) === null) {
          throw unknownProduct(part.id, lookup.argument);
        }
        return own;
      }
    }
  }
}

type QuestionPart = QuestionCounterexample;

function textParts({ text }: WordsQuestion): QuestionPart[] {
  return text === null ? [] : [{ kind: 'text', text }];
}

function hasWords({ text, unlike }: WordsQuestion): boolean {
  return text !== null || unlike.some(({ kind }) => kind === 'text');
}

function isSeen(part: SeenPart | null): part is SeenPart {
  return part !== null;
}

type SeenParts = Record<'text' | 'images' | 'unlike', readonly SeenPart[]>;

function toQuery(question: WordsQuestion, { text, images, unlike }: SeenParts, model: ModelIdentity): SearchQuery {
  const { weights } = question;
  const vectors = (parts: readonly SeenPart[]) => parts.map(({ vector }) => vector);
  const vector = composeVectors(
    { text: text[0]?.vector ?? null, images: vectors(images), unlike: vectors(unlike) },
    weights,
  );
  const pictures = [...question.images, ...question.unlike];
  const [only, ...others] = [...images, ...text, ...unlike];
  return {
    model,
    vector,
    identity: JSON.stringify(['words', question.text, question.images, question.unlike, weights]),
    excludedProductIds: pictures.flatMap((part) => (part.kind === 'product' ? [part.id] : [])),
    picture: only !== undefined && others.length === 0 && text.length === 0 ? only : null,
  };
}

/** @throws BadUserInputError */
function checkQuestion({ text, images, unlike, weights }: WordsQuestion): void {
  if (text === null && images.length === 0) {
    throw new BadUserInputError('input', '`input` must have `text` or `images`: what should products look like?');
  }
  if (text !== null) checkText(text, 'input.text');
  for (const part of unlike) if (part.kind === 'text') checkText(part.text, 'input.unlike');
  checkCount(images, 'input.images');
  checkCount(unlike, 'input.unlike');
  checkWeights(weights);
  const isCounted = (text !== null && weights.text > 0) || (images.length > 0 && weights.images > 0);
  if (!isCounted) {
    const message = 'At least one of `text` and `images` that `input` has must have a weight above 0.';
    throw new BadUserInputError('input.weights', message);
  }
}

/** @throws BadUserInputError */
function checkText(text: string, argument: string): void {
  if (text.trim() === '') throw new BadUserInputError(argument, `\`${argument}\` must not be empty.`);
  if (text.length <= MAX_TEXT_LENGTH) return;
  throw new BadUserInputError(
    argument,
    `\`${argument}\` may have at most ${MAX_TEXT_LENGTH} characters, and has ${text.length}.`,
  );
}

/** @throws BadUserInputError */
function checkCount(parts: readonly unknown[], argument: string): void {
  if (parts.length <= MAX_QUESTION_IMAGES) return;
  throw new BadUserInputError(
    argument,
    `\`${argument}\` may have at most ${MAX_QUESTION_IMAGES} entries, and has ${parts.length}.`,
  );
}

/** @throws BadUserInputError */
function checkWeights(weights: QuestionWeights): void {
  for (const [name, weight] of Object.entries(weights) as [string, number][]) {
    if (weight >= 0 && weight <= MAX_WEIGHT) continue;
    const argument = `input.weights.${name}`;
    throw new BadUserInputError(argument, `\`${argument}\` must be from 0 to ${MAX_WEIGHT}, and ${weight} is not.`);
  }
}

function unknownProduct(id: string, argument: string): AppError {
  return new AppError('NOT_FOUND', `The shop has no product "${id}", which \`${argument}\` names.`, {
    details: { argument },
  });
}
