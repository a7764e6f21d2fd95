import { BadUserInputError } from '../errors.js';
import { MAX_SEARCH_LIMIT, type CatalogImage, type ModelIdentity, type Product } from '../types.js';
import type { Catalog } from './catalog/catalog.js';
import type { ImageEncoder } from './clip/image-encoder.js';
import { preprocessPhotograph } from './clip/preprocess.js';
import type { EmbeddingMatch, EmbeddingStore } from './vector/embedding-store.js';

/** A product that looks like what was asked for, and the image of it that looks most alike. */
export interface SimilarProduct {
  product: Product;
  image: CatalogImage;
  /** 1 is the same picture, 0 unrelated, -1 the least alike. */
  similarity: number;
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

export interface SearchRequest {
  /** 1 to {@link MAX_SEARCH_LIMIT}. */
  limit: number;
  /** Leave out what is less alike; null keeps all. */
  minSimilarity: number | null;
}

export interface SearchOptions {
  catalog: Catalog;
  embeddings: EmbeddingStore;
  encoder: ImageEncoder;
  /** Cap on width times height of a photograph. */
  maxPixels: number;
}

/** Of two nearest images one may be of a product already found or gone, so a little more is asked for at first. */
const FIRST_WINDOW_SLACK = 12;

/** From photographs and products to products that look alike. */
export class SearchService {
  constructor(private readonly options: SearchOptions) {}

  /**
   * @param photograph - the bytes of a JPEG, PNG, WebP, AVIF or GIF file.
   * @throws BadUserInputError where `request` is out of bounds.
   * @throws ImageError where the photograph can't be read.
   * @throws ServiceUnavailableError where the model is too busy or a database is away.
   */
  async byPhotograph(photograph: Buffer, request: SearchRequest, signal?: AbortSignal): Promise<SearchResult> {
    checkRequest(request);
    const { encoder, embeddings, maxPixels } = this.options;
    const { pixels } = await preprocessPhotograph(photograph, encoder.preprocessing, { maxPixels });
    const vector = await encoder.encode(pixels, { priority: 'search', ...(signal && { signal }) });
    const nearest = (limit: number) => embeddings.nearestToVector(encoder.model, vector, { limit });
    return this.collect(request, await nearest(firstWindow(request.limit)), nearest);
  }

  /**
   * @returns Null where the catalogue has no such product.
   * @throws BadUserInputError where `request` is out of bounds or `productId` can't be a key of this catalogue.
   */
  async byProduct(productId: string, request: SearchRequest): Promise<SearchResult | null> {
    checkRequest(request);
    this.options.catalog.checkProductId(productId, 'id');
    const [products, result] = await Promise.all([
      this.options.catalog.findProducts([productId]),
      this.ofProduct({ id: productId }, request),
    ]);
    const product = products.get(productId);
    if (product === undefined) return null;
    // "01" finds the product 1, whose embeddings go by its own id.
    return product.id === productId ? result : this.ofProduct(product, request);
  }

  /**
   * As {@link byProduct}, for a product that is known to be in the catalogue.
   *
   * @throws BadUserInputError where `request` is out of bounds.
   */
  async ofProduct(product: Pick<Product, 'id'>, request: SearchRequest): Promise<SearchResult> {
    checkRequest(request);
    const { model } = this.options.encoder;
    const nearest = (limit: number) => this.options.embeddings.nearestToProduct(model, product.id, { limit });
    const first = await nearest(firstWindow(request.limit));
    if (first === null) return { matches: [], hasMore: false, status: 'NOT_EMBEDDED', model };
    return this.collect(request, first, async (limit) => (await nearest(limit)) ?? []);
  }

  /**
   * Looks at ever larger windows of the nearest images until there are `limit` products and one more, or no more images.
   *
   * @param first - the nearest images of the first window, most alike first.
   * @param nearest - the same for a window of `limit` images.
   */
  private async collect(
    request: SearchRequest,
    first: EmbeddingMatch[],
    nearest: (limit: number) => Promise<EmbeddingMatch[]>,
  ): Promise<SearchResult> {
    const { limit, minSimilarity } = request;
    const shop = new KnownOfCatalog(this.options.catalog);
    let window = firstWindow(limit);
    for (let all = first; ; all = await nearest(window)) {
      const alike = all.filter((match) => match.similarity >= (minSimilarity ?? -Infinity));
      await shop.learn(alike);
      const found = shop.pickProducts(alike);
      const isExhausted = all.length < window || alike.length < all.length;
      if (found.length > limit || isExhausted) {
        const matches = found.slice(0, limit);
        return { matches, hasMore: found.length > limit, status: 'OK', model: this.options.encoder.model };
      }
      window *= 4;
    }
  }
}

/** What one search has read from the catalogue so far, so that a larger window reads only what is new in it. */
class KnownOfCatalog {
  private readonly asked = new Set<string>();
  private readonly products = new Map<string, Product>();
  private readonly images = new Map<string, CatalogImage>();

  constructor(private readonly catalog: Catalog) {}

  /** Two statements, however many matches there are. */
  async learn(matches: readonly EmbeddingMatch[]): Promise<void> {
    const fresh = matches.filter((match) => !this.asked.has(match.imageId));
    if (fresh.length === 0) return;
    const [products, images] = await Promise.all([
      this.catalog.findProducts([...new Set(fresh.map((match) => match.productId))]),
      this.catalog.findImages(fresh.map((match) => match.imageId)),
    ]);
    for (const { imageId } of fresh) this.asked.add(imageId);
    for (const [id, product] of products) this.products.set(id, product);
    for (const [id, image] of images) this.images.set(id, image);
  }

  /** One a product, in the order of the matches: those that the catalogue still has, image and product. */
  pickProducts(matches: readonly EmbeddingMatch[]): SimilarProduct[] {
    const picked = new Map<string, SimilarProduct>();
    for (const { productId, imageId, similarity } of matches) {
      const product = this.products.get(productId);
      const image = this.images.get(imageId);
      if (product === undefined || image === undefined || picked.has(productId)) continue;
      if (image.productId !== productId) continue;
      picked.set(productId, { product, image, similarity });
    }
    return [...picked.values()];
  }
}

function firstWindow(limit: number): number {
  return limit + FIRST_WINDOW_SLACK;
}

/** @throws BadUserInputError */
function checkRequest({ limit, minSimilarity }: SearchRequest): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_SEARCH_LIMIT) {
    throw new BadUserInputError('limit', `\`limit\` must be from 1 to ${MAX_SEARCH_LIMIT}, and ${limit} is not.`);
  }
  if (minSimilarity !== null && !(minSimilarity >= -1 && minSimilarity <= 1)) {
    throw new BadUserInputError(
      'minSimilarity',
      `\`minSimilarity\` must be from -1 to 1, and ${minSimilarity} is not.`,
    );
  }
}
