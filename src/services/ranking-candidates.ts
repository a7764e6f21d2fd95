import type { Observer } from '../observer.js';
import type { CatalogImage, Product } from '../types.js';
import type { Catalog } from './catalog/catalog.js';
import type { RankedProduct, RankingRequest } from './ranking.js';
import { compareKeys, type EmbeddingMatch, type NearestWindow } from './vector/embedding-store.js';
import type { MatchKey, SearchForm } from './vector/search-sql.js';

/** A product that a ranking came across, with its images as the catalogue has them, by id. */
interface KnownProduct {
  product: Product;
  images: ReadonlyMap<string, CatalogImage>;
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
  /** The embedded images of each product, by id. */
  private readonly matches = new Map<string, Map<string, EmbeddingMatch>>();
  /** Null for a product that the catalogue does not have, or that does not match. */
  private readonly known = new Map<string, KnownProduct | null>();

  constructor(
    private readonly parts: { catalog: Catalog; observer: Observer },
    private readonly request: RankingRequest,
  ) {}

  /** Products so far, whatever the catalogue says of them. */
  get count(): number {
    return this.matches.size;
  }

  add({ near, siblings }: NearestWindow): void {
    for (const match of [...near, ...siblings]) {
      const ofProduct = this.matches.get(match.productId) ?? new Map<string, EmbeddingMatch>();
      this.matches.set(match.productId, ofProduct.set(match.imageId, match));
    }
  }

  /** Two statements on the catalogue for a thousand products, and none for those that are known. */
  async learn(): Promise<void> {
    const fresh = [...this.matches.keys()].filter((id) => !this.known.has(id));
    if (fresh.length === 0) return;
    const found = this.request.filter === null ? await this.readAll(fresh) : await this.readMatching(fresh);
    for (const id of fresh) this.known.set(id, found.get(id) ?? null);
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
      ({ key, similarity }) => isSettled(key) && (after === null || isBehind(key, after)) && !this.isTooFar(similarity),
    );
    const isBelowThreshold = boundary !== null && this.isTooFar(similarityOf(boundary));
    return { ranked, isFull: ranked.length > limit, isBelowThreshold };
  }

  private placed(): RankedProduct[] {
    return [...this.known]
      .map(([id, known]) => known && place(known, [...(this.matches.get(id)?.values() ?? [])]))
      .filter((placed) => placed !== null)
      .sort((one, other) => compareKeys(one.key, other.key));
  }

  private isTooFar(similarity: number): boolean {
    const { minSimilarity } = this.request;
    return minSimilarity !== null && similarity < minSimilarity;
  }

  /** With the products that are asked about: whoever asks has to know next whether there are such. */
  private async readAll(productIds: readonly string[]): Promise<Map<string, KnownProduct>> {
    const { loaders, query } = this.request;
    const [products, images] = await Promise.all([
      Promise.all([...productIds, ...query.excludedProductIds].map((id) => loaders.product.load(id))),
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
  private async readMatching(productIds: readonly string[]): Promise<Map<string, KnownProduct>> {
    const { filter, loaders } = this.request;
    const { catalog, observer } = this.parts;
    const products = await observer.time('hydrate', () => catalog.findProducts(productIds, filter));
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
function place({ product, images }: KnownProduct, matches: readonly EmbeddingMatch[]): RankedProduct | null {
  const [best] = matches.filter(({ imageId }) => images.has(imageId)).sort(compareKeys);
  const image = best && images.get(best.imageId);
  if (best === undefined || image === undefined) return null;
  const { distance, imageId, contentHash } = best;
  return { product, image, similarity: similarityOf(best), key: { distance, imageId }, contentHash };
}

/** A model may round the same photograph otherwise the next time. Its own image is passed all the same. */
function isBehind(key: MatchKey, after: MatchKey): boolean {
  return key.imageId !== after.imageId && compareKeys(key, after) > 0;
}

/** `<#>` is the negative inner product. 16-bit rounding may carry it a little past 1. */
function similarityOf({ distance }: Pick<MatchKey, 'distance'>): number {
  return Math.max(-1, Math.min(1, -distance));
}
