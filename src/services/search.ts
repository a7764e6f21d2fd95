import { BadUserInputError } from '../errors.js';
import type { CatalogImage, ModelIdentity, Product } from '../types.js';
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
  /** 1 to {@link MAX_LIMIT}. */
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

export const MAX_LIMIT = 100;

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
    return this.collect(request, (limit) => embeddings.nearestToVector(encoder.model, vector, { limit }));
  }

  /**
   * @returns Null where the catalogue has no such product.
   * @throws BadUserInputError where `request` is out of bounds or `productId` can't be a key of this catalogue.
   */
  async byProduct(productId: string, request: SearchRequest): Promise<SearchResult | null> {
    checkRequest(request);
    const { catalog, embeddings, encoder } = this.options;
    catalog.checkProductId(productId, 'id');
    const firstLimit = firstWindow(request.limit);
    const [products, first] = await Promise.all([
      catalog.findProducts([productId]),
      embeddings.nearestToProduct(encoder.model, productId, { limit: firstLimit }),
    ]);
    if (!products.has(productId)) return null;
    if (first === null) return { matches: [], hasMore: false, status: 'NOT_EMBEDDED', model: encoder.model };
    return this.collect(request, async (limit) =>
      limit === firstLimit ? first : ((await embeddings.nearestToProduct(encoder.model, productId, { limit })) ?? []),
    );
  }

  /**
   * Looks at ever larger windows of the nearest images until there are `limit` products and one more, or no more images.
   *
   * @param nearest - the `limit` nearest images, most alike first.
   */
  private async collect(
    request: SearchRequest,
    nearest: (limit: number) => Promise<EmbeddingMatch[]>,
  ): Promise<SearchResult> {
    const { limit, minSimilarity } = request;
    const shop = new KnownOfCatalog(this.options.catalog);
    for (let window = firstWindow(limit); ; window *= 4) {
      const all = await nearest(window);
      const alike = all.filter((match) => match.similarity >= (minSimilarity ?? -Infinity));
      await shop.learn(alike);
      const found = shop.pickProducts(alike);
      const isExhausted = all.length < window || alike.length < all.length;
      if (found.length > limit || isExhausted) {
        const matches = found.slice(0, limit);
        return { matches, hasMore: found.length > limit, status: 'OK', model: this.options.encoder.model };
      }
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
      if (product === undefined || image?.productId !== productId || picked.has(productId)) continue;
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
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new BadUserInputError('limit', `\`limit\` must be from 1 to ${MAX_LIMIT}, and ${limit} is not.`);
  }
  if (minSimilarity !== null && !(minSimilarity >= -1 && minSimilarity <= 1)) {
    throw new BadUserInputError(
      'minSimilarity',
      `\`minSimilarity\` must be from -1 to 1, and ${minSimilarity} is not.`,
    );
  }
}
