import type { CatalogImage, Product } from '../types.js';
import type { Catalog } from './catalog/catalog.js';
import type { RankedProduct, RankingRequest } from './ranking.js';
import { compareKeys, type EmbeddingMatch, type NearestWindow } from './vector/embedding-store.js';
import type { MatchKey, SearchForm } from './vector/search-sql.js';

/** A product that a ranking came across. */
interface Candidate {
  product: Product;
  /** By id. */
  images: ReadonlyMap<string, CatalogImage>;
  matches: Map<string, EmbeddingMatch>;
}

/** What is sure of a ranking so far. */
export interface SettledProducts {
  /** In order, within the request's threshold. */
  ranked: RankedProduct[];
  /** Whether there are more than the page has room for. */
  isFull: boolean;
  /** Whether all that is still to come is less alike than what was asked for. */
  isBelowThreshold: boolean;
}

/** The products that a ranking came across, with what the catalogue says of them. */
export class RankingCandidates {
  private readonly candidates = new Map<string, Candidate>();
  /** Those that the catalogue does not have, or that do not match. */
  private readonly refused = new Set<string>();

  constructor(
    private readonly catalog: Catalog,
    private readonly request: RankingRequest,
  ) {}

  /** Two statements on the catalogue at most, however many images there are, and none for products that are known. */
  async add({ near, siblings }: NearestWindow): Promise<void> {
    const matches = [...near, ...siblings];
    const fresh = [...new Set(matches.map(({ productId }) => productId))].filter((id) => !this.isKnown(id));
    await this.learn(fresh);
    for (const match of matches) this.candidates.get(match.productId)?.matches.set(match.imageId, match);
  }

  /**
   * The products whose place is known for sure.
   *
   * @param boundary - all images up to it have been seen; null where that is all there are. Among images that are equally far
   *   an approximate search has no order, so those that are as far as the boundary are not sure.
   */
  settledBefore(boundary: MatchKey | null, { kind }: SearchForm): SettledProducts {
    const { limit, after } = this.request;
    const isSettled = (key: MatchKey): boolean =>
      boundary === null || (kind === 'exact' ? compareKeys(key, boundary) <= 0 : key.distance < boundary.distance);
    const ranked = this.placed().filter(
      ({ key, similarity }) =>
        isSettled(key) && (after === null || compareKeys(key, after) > 0) && !this.isTooFar(similarity),
    );
    const isBelowThreshold = boundary !== null && this.isTooFar(similarityOf(boundary));
    return { ranked, isFull: ranked.length > limit, isBelowThreshold };
  }

  private placed(): RankedProduct[] {
    return [...this.candidates.values()]
      .map(place)
      .filter((placed) => placed !== null)
      .sort((one, other) => compareKeys(one.key, other.key));
  }

  private isTooFar(similarity: number): boolean {
    const { minSimilarity } = this.request;
    return minSimilarity !== null && similarity < minSimilarity;
  }

  private isKnown(productId: string): boolean {
    return this.candidates.has(productId) || this.refused.has(productId);
  }

  private async learn(productIds: readonly string[]): Promise<void> {
    if (productIds.length === 0) return;
    const found = this.request.filter === null ? await this.readAll(productIds) : await this.readMatching(productIds);
    for (const id of productIds) {
      const known = found.get(id);
      if (known === undefined) this.refused.add(id);
      else this.candidates.set(id, { ...known, matches: new Map() });
    }
  }

  private async readAll(productIds: readonly string[]): Promise<Map<string, Omit<Candidate, 'matches'>>> {
    const { loaders } = this.request;
    const [products, images] = await Promise.all([
      Promise.all(productIds.map((id) => loaders.product.load(id))),
      this.imagesOf(productIds),
    ]);
    return new Map(
      products.flatMap((product, index) => {
        const id = productIds[index];
        return product === null || id === undefined ? [] : [[id, { product, images: images.get(id) ?? new Map() }]];
      }),
    );
  }

  /** Of many that do not match nothing more need be read. */
  private async readMatching(productIds: readonly string[]): Promise<Map<string, Omit<Candidate, 'matches'>>> {
    const { filter, loaders } = this.request;
    const products = await this.catalog.findProducts(productIds, filter);
    for (const [id, product] of products) loaders.product.prime(id, product);
    const images = await this.imagesOf([...products.keys()]);
    return new Map(
      [...products].map(([id, product]) => [
        id,
        { product, images: images.get(id) ?? new Map<string, CatalogImage>() },
      ]),
    );
  }

  /** All their images, as whoever asks for products mostly asks for these too. */
  private async imagesOf(productIds: readonly string[]): Promise<Map<string, Map<string, CatalogImage>>> {
    const { imagesOfProduct } = this.request.loaders;
    const images = await Promise.all(productIds.map((id) => imagesOfProduct.load(id)));
    return new Map(
      productIds.map((id, index) => [id, new Map((images[index] ?? []).map((image) => [image.id, image]))]),
    );
  }
}

/** Null where the catalogue has none of the images that are embedded. */
function place({ product, images, matches }: Candidate): RankedProduct | null {
  const [best] = [...matches.values()].filter(({ imageId }) => images.has(imageId)).sort(compareKeys);
  const image = best && images.get(best.imageId);
  if (best === undefined || image === undefined) return null;
  const { distance, imageId, contentHash } = best;
  return { product, image, similarity: similarityOf(best), key: { distance, imageId }, contentHash };
}

/** `<#>` is the negative inner product. 16-bit rounding may carry it a little past 1. */
function similarityOf({ distance }: Pick<MatchKey, 'distance'>): number {
  return Math.max(-1, Math.min(1, -distance));
}
