import { createHash } from 'node:crypto';
import type { Log } from '../log.js';
import type { Observer } from '../observer.js';
import type { CatalogImage, ModelIdentity, Product, Region } from '../types.js';
import type { Catalog } from './catalog/catalog.js';
import { matchKindOf, type MatchKind } from './match-kind.js';
import type { PhotographVectors } from './photograph-vectors.js';
import type { QueryImage } from './query-image.js';
import type { WordsQuestions } from './question-vectors.js';
import { FILTER_LIMITS, rankProducts, type RankedProduct } from './ranking.js';
import type { RequestLoaders } from './request-loaders.js';
import type { CursorSigner, SearchCursors } from './search-cursor.js';
import type { SearchQuery } from './search-query.js';
import { bindingOf, checkBounds, type SearchRequest } from './search-request.js';
import type { ServingModel } from './serving-model.js';
import type { EmbeddingStore } from './vector/embedding-store.js';
import type { MatchKey } from './vector/search-sql.js';
import type { WordsQuestion } from './words-question.js';

/** A product that looks like what was asked for, and the image of it that looks most alike. */
export interface SimilarProduct {
  product: Product;
  image: CatalogImage;
  /** 1 is the same picture, 0 unrelated, -1 the least alike. */
  similarity: number;
  matchKind: MatchKind;
  /** For the page that begins behind it. */
  cursor: string;
}

/** Whether a search could be answered: `NOT_EMBEDDED` where the product asked about has no embedding yet. */
export type SearchStatus = 'OK' | 'NOT_EMBEDDED';

export interface SearchResult {
  /** Most alike first, one a product. */
  matches: SimilarProduct[];
  hasMore: boolean;
  status: SearchStatus;
  model: ModelIdentity;
}

export interface SearchOptions {
  catalog: Catalog;
  embeddings: EmbeddingStore;
  serving: ServingModel;
  cursors: SearchCursors;
  words: WordsQuestions;
  photographs: PhotographVectors;
  observer: Observer;
  log: Log;
}

/** What a search reads through, and what ends it. */
export interface SearchContext {
  loaders: RequestLoaders;
  signal?: AbortSignal;
}

/** A photograph to search with, or a part of it. */
export interface GivenPhotograph {
  /** Of a JPEG, PNG, WebP, AVIF or GIF file. */
  bytes: Buffer;
  /** Null takes the whole. */
  region: Region | null;
}

/** From photographs, products and words to products that look alike. */
export class SearchService {
  constructor(private readonly options: SearchOptions) {}

  /**
   * @throws BadUserInputError where `request` or the region is out of bounds.
   * @throws ImageError where the photograph can't be read.
   * @throws ServiceUnavailableError where the model is too busy or a database is away.
   */
  async byPhotograph(
    { bytes, region }: GivenPhotograph,
    request: SearchRequest,
    context: SearchContext,
  ): Promise<SearchResult> {
    const checked = this.check(request);
    const encoder = await this.options.serving.encoder();
    const { model } = encoder;
    const contentHash = createHash('sha256').update(bytes).digest('hex');
    // Not by the vector: a model may round otherwise when it infers others beside it.
    const identity = JSON.stringify(['photograph', contentHash, region]);
    // A cursor of another search is not worth an inference.
    await this.placeOf({ identity, model }, checked);
    const photograph = { bytes, fileHash: contentHash, region };
    const { vector } = await this.options.photographs.get(photograph, encoder, context.signal);
    const picture = { contentHash: region === null ? contentHash : null };
    return this.answer({ model, vector, identity, excludedProductIds: [], picture }, checked, context);
  }

  /**
   * @returns Null where the catalogue has no such product.
   * @throws BadUserInputError where `request` is out of bounds or `productId` can't be a key of this catalogue.
   */
  async byProduct(productId: string, request: SearchRequest, context: SearchContext): Promise<SearchResult | null> {
    const [id = productId] = this.options.catalog.canonicalProductIds([productId], 'id');
    const result = await this.ofProduct({ id }, request, context);
    // Read beside the products that were found, where there were any.
    return (await context.loaders.product.load(id)) === null ? null : result;
  }

  /**
   * As {@link byProduct}, for a product that is known to be in the catalogue.
   *
   * @param context.model - the model to search in; the active one by default.
   * @throws BadUserInputError where `request` is out of bounds.
   */
  async ofProduct(
    { id }: Pick<Product, 'id'>,
    request: SearchRequest,
    context: SearchContext & { model?: ModelIdentity },
  ): Promise<SearchResult> {
    const checked = this.check(request);
    const model = context.model ?? (await this.options.serving.identity());
    const own = await context.loaders.ownEmbedding.load({ model, productId: id });
    if (own === null) return notEmbedded(model);
    const { vector, contentHash } = own;
    // With another picture it is another question.
    const identity = JSON.stringify(['product', id, createHash('sha256').update(vector).digest('base64url')]);
    const query = { model, vector, identity, excludedProductIds: [id], picture: { contentHash } };
    return this.answer(query, checked, context);
  }

  /** @throws BadUserInputError where `request` is out of bounds. */
  async byQueryImage(image: QueryImage, request: SearchRequest, context: SearchContext): Promise<SearchResult> {
    const { id, model, vector, contentHash } = image;
    const identity = JSON.stringify(['query image', id]);
    const query = { model, vector, identity, excludedProductIds: [], picture: { contentHash } };
    return this.answer(query, this.check(request), context);
  }

  /**
   * @throws BadUserInputError where `request` or `question` is out of bounds.
   * @throws AppError NOT_FOUND or QUERY_IMAGE_EXPIRED where it names what is not there.
   * @throws ModelUnavailableError where there are words, and the model has no text tower.
   */
  async byWords(question: WordsQuestion, request: SearchRequest, context: SearchContext): Promise<SearchResult> {
    const checked = this.check(request);
    const asked = await this.options.words.toQuery(question, context);
    return asked.kind === 'notEmbedded' ? notEmbedded(asked.model) : this.answer(asked.query, checked, context);
  }

  /** @throws BadUserInputError */
  private check(request: SearchRequest): SearchRequest {
    checkBounds(request);
    const { catalog } = this.options;
    return {
      ...request,
      filter: request.filter === null ? null : catalog.checkFilter(request.filter, 'filter'),
      excludedProductIds: catalog.canonicalProductIds(request.excludedProductIds, 'filter.excludeIds'),
    };
  }

  /** @throws AppError INVALID_CURSOR */
  private async placeOf(
    { identity, model }: Pick<SearchQuery, 'identity' | 'model'>,
    { after, ...narrowing }: SearchRequest,
  ): Promise<{ signer: CursorSigner; after: MatchKey | null }> {
    const signer = await this.options.cursors.signerFor([identity, model.name, ...bindingOf(narrowing)]);
    return { signer, after: after === null ? null : signer.decode(after) };
  }

  private async answer(query: SearchQuery, request: SearchRequest, { loaders }: SearchContext): Promise<SearchResult> {
    const { filter, excludedProductIds, minSimilarity, limit } = request;
    const { signer, after } = await this.placeOf(query, request);
    const narrowed = { filter, excludedProductIds, minSimilarity, loaders };
    const { ranked, hasMore } = await rankProducts(
      { ...this.options, limits: FILTER_LIMITS },
      { query, limit, after, ...narrowed },
    );
    const matches = ranked.map((one) => ({
      product: one.product,
      image: one.image,
      similarity: one.similarity,
      matchKind: kindOf(one, query),
      cursor: signer.encode(one.key),
    }));
    return { matches, hasMore, status: 'OK', model: query.model };
  }
}

function kindOf({ similarity, contentHash }: RankedProduct, { model, picture }: SearchQuery): MatchKind {
  if (picture === null) return 'SIMILAR';
  const isSameFile = contentHash !== null && contentHash === picture.contentHash;
  return matchKindOf({ model: model.name, similarity, isSameFile });
}

function notEmbedded(model: ModelIdentity): SearchResult {
  return { matches: [], hasMore: false, status: 'NOT_EMBEDDED', model };
}
