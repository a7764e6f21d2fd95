import { createHash } from 'node:crypto';
import { AppError, BadUserInputError } from '../errors.js';
import type { ModelIdentity } from '../types.js';
import type { Catalog } from './catalog/catalog.js';
import { composeVectors } from './compose-vectors.js';
import { queryImageExpired, type QueryImage, type QueryImageService } from './query-image.js';
import type { RequestLoaders } from './request-loaders.js';
import type { SearchQuery } from './search-query.js';
import type { ServingModel } from './serving-model.js';
import { checkQuestion, whatCounts, type QuestionCounterexample, type WordsQuestion } from './words-question.js';

/** What became of a question: a query, or the word that a product in it is not embedded yet. */
export type AskedQuestion = { kind: 'query'; query: SearchQuery } | { kind: 'notEmbedded'; model: ModelIdentity };

export interface WordsQuestionsOptions {
  catalog: Catalog;
  serving: ServingModel;
  queryImages: Pick<QueryImageService, 'find'>;
}

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
  /** Whether the vector comes from the database, where it is the same to the last bit each time. */
  isStored: boolean;
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
    checkQuestion(given);
    const question = this.canonical(whatCounts(given));
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
        return {
          vector: await encoder.encodeText(part.text, { signal: context.signal }),
          contentHash: null,
          isStored: false,
        };
      }
      case 'queryImage':
        return stored(handles.get(part.id) ?? null);
      case 'product': {
        const own = await context.loaders.ownEmbedding.load({ model, productId: part.id });
        if (own === null && (await context.loaders.product.load(part.id)) === null) {
          throw unknownProduct(part.id, lookup.argument);
        }
        return stored(own);
      }
    }
  }
}

type QuestionPart = QuestionCounterexample;

function stored(part: Omit<SeenPart, 'isStored'> | null): SeenPart | null {
  return part === null ? null : { vector: part.vector, contentHash: part.contentHash, isStored: true };
}

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
    identity: JSON.stringify([
      'words',
      question.text,
      question.images,
      question.unlike,
      weights,
      hashOf(images, unlike),
    ]),
    excludedProductIds: pictures.flatMap((part) => (part.kind === 'product' ? [part.id] : [])),
    picture: only !== undefined && others.length === 0 && text.length === 0 ? only : null,
  };
}

/** With another picture of a product it is another question. Texts are told apart by their words. */
function hashOf(...parts: readonly (readonly SeenPart[])[]): string {
  const hash = createHash('sha256');
  for (const { vector, isStored } of parts.flat()) if (isStored) hash.update(vector);
  return hash.digest('base64url');
}

function unknownProduct(id: string, argument: string): AppError {
  return new AppError('NOT_FOUND', `The shop has no product "${id}", which \`${argument}\` names.`, {
    details: { argument },
  });
}
