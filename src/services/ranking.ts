import type { Log } from '../log.js';
import type { Observer } from '../observer.js';
import type { CatalogImage, Product } from '../types.js';
import type { Catalog } from './catalog/catalog.js';
import type { CatalogLoaders } from './catalog/catalog-loaders.js';
import type { ProductFilter } from './catalog/product-filter.js';
import { RankingCandidates } from './ranking-candidates.js';
import type { SearchQuery } from './search-query.js';
import type { EmbeddingStore, NearestWindow } from './vector/embedding-store.js';
import type { MatchKey, SearchForm } from './vector/search-sql.js';

/** A product at its place in a ranking. */
export interface RankedProduct {
  product: Product;
  /** Of its embedded images that the catalogue still has, the one most alike. */
  image: CatalogImage;
  /** From -1 to 1, which is the most alike. */
  similarity: number;
  /** Its place: that of the image. */
  key: MatchKey;
  /** SHA-256 of the image's photograph in hexadecimal; null where it is not known. */
  contentHash: string | null;
}

export interface RankingRequest {
  query: SearchQuery;
  /** Products at most. */
  limit: number;
  /** Begin behind this place; null with the most alike. */
  after: MatchKey | null;
  /** Checked already; null takes all products. */
  filter: ProductFilter | null;
  excludedProductIds: readonly string[];
  minSimilarity: number | null;
  loaders: CatalogLoaders;
}

export interface RankingPage {
  ranked: RankedProduct[];
  hasMore: boolean;
}

export interface RankingParts {
  catalog: Catalog;
  embeddings: EmbeddingStore;
  observer: Observer;
  log: Log;
  limits: FilterLimits;
}

/**
 * How a filter is answered. `list`: few products match, and only their images are compared. `walk`: many do, so the nearest images
 * are gone through, and those whose products do not match are passed over.
 */
type FilterPlan = { kind: 'none' } | { kind: 'walk' } | { kind: 'list'; productIds: string[] };

/** Where one way of answering a filter ends and the next begins. */
export interface FilterLimits {
  /** Up to so many products a filter is a list: comparing them all takes a few milliseconds, and finds every one. */
  shortList: number;
  /** A walk that has passed so many images without filling its page goes against the filter, and a list is better. */
  longWalk: number;
  /** The longest list that is ever sent: some megabytes. */
  longList: number;
}

export const FILTER_LIMITS: FilterLimits = { shortList: 5_000, longWalk: 5_000, longList: 100_000 };

/** Of the nearest images some may be of products already found or gone, so a little more is asked for at first. */
const FIRST_WINDOW_SLACK = 12;

const WINDOW_GROWTH = 4;
const LARGEST_WINDOW = 10_000;

/**
 * The products nearest to a query: each once, at the place of its best image, with all that match the filter as the catalogue
 * has them now. There are `limit` of them whenever there are as many; pages that follow one another by `after` share none
 * and leave none out.
 */
export async function rankProducts(parts: RankingParts, request: RankingRequest): Promise<RankingPage> {
  const walk = new RankingWalk(parts, request, await planFilter(parts, request.filter));
  return walk.toPage();
}

async function planFilter({ catalog, limits }: RankingParts, filter: ProductFilter | null): Promise<FilterPlan> {
  if (filter === null) return { kind: 'none' };
  const productIds = await catalog.matchingIds(filter, limits.shortList + 1);
  return productIds.length > limits.shortList ? { kind: 'walk' } : { kind: 'list', productIds };
}

/** Goes through a ranking of images, window by window, until it knows the products of a page. */
class RankingWalk {
  private readonly candidates: RankingCandidates;
  /** Where the next window begins. */
  private position: MatchKey | null;
  private windowSize: number;
  private passed = 0;
  private windows = 0;
  /** Approximate searches give up after a while; from then on every row is compared. */
  private isExact = false;
  private isListTooLong = false;

  constructor(
    private readonly parts: RankingParts,
    private readonly request: RankingRequest,
    private plan: FilterPlan,
  ) {
    this.candidates = new RankingCandidates(parts, request);
    this.position = request.after;
    this.windowSize = request.limit + FIRST_WINDOW_SLACK;
  }

  async toPage(): Promise<RankingPage> {
    for (;;) {
      const form = await this.form();
      const window = await this.read(form);
      const isShort = window.near.length < this.windowSize;
      const isEnd = isShort && form.kind === 'exact';
      this.candidates.add(window);
      if (isEnd || this.isWorthLearning()) {
        await this.candidates.learn();
        const settled = this.candidates.settledBefore(isEnd ? null : boundaryOf(window), form);
        if (isEnd || settled.isFull || settled.isBelowThreshold) return this.pageOf(settled.ranked, form);
      }
      await this.goOn(window, { isShort, form });
    }
  }

  /** Where all products are wanted, too few can't fill a page, and the catalogue is asked once for all of it. */
  private isWorthLearning(): boolean {
    const { limit, minSimilarity } = this.request;
    return this.plan.kind === 'walk' || minSimilarity !== null || this.candidates.count > limit;
  }

  /** With a list of products there is nothing to gain from an index. */
  private async form(): Promise<SearchForm> {
    const form = await this.parts.embeddings.searchForm(this.request.query.model);
    return this.isExact || this.plan.kind === 'list' ? { ...form, kind: 'exact' } : form;
  }

  private async read(form: SearchForm): Promise<NearestWindow> {
    const { query, excludedProductIds } = this.request;
    const { embeddings, observer } = this.parts;
    const options = {
      form,
      limit: this.windowSize,
      after: this.position,
      productIds: this.plan.kind === 'list' ? this.plan.productIds : null,
      excludedProductIds: [...query.excludedProductIds, ...excludedProductIds],
    };
    const window = await observer.time('search', () => embeddings.nearest(query.model, query.vector, options));
    this.windows += 1;
    this.passed += window.near.length;
    return window;
  }

  /**
   * An exact search goes on behind what it has read. One through an index begins anew with a larger window, as going past what is
   * known takes an index just as long; where its window is short or as large as any, every row is compared. So it is where the
   * nearest few of an IVFFlat index do not do: going through more of its lists takes longer than all rows, and leaves more
   * out (docs/decisions/0010-recall-defaults.md).
   */
  private async goOn(window: NearestWindow, last: { isShort: boolean; form: SearchForm }): Promise<void> {
    if (last.form.kind === 'exact') this.position = boundaryOf(window);
    else if (last.isShort || this.windowSize === LARGEST_WINDOW || last.form.index === 'ivfflat') this.isExact = true;
    this.windowSize = Math.min(this.windowSize * WINDOW_GROWTH, LARGEST_WINDOW);
    const { longWalk } = this.parts.limits;
    if (this.plan.kind === 'walk' && this.passed > longWalk && !this.isListTooLong) await this.takeLongList();
  }

  private async takeLongList(): Promise<void> {
    const { filter } = this.request;
    const { longList } = this.parts.limits;
    if (filter === null) return;
    const productIds = await this.parts.catalog.matchingIds(filter, longList + 1);
    this.isListTooLong = productIds.length > longList;
    if (!this.isListTooLong) this.plan = { kind: 'list', productIds };
  }

  private pageOf(ranked: RankedProduct[], form: SearchForm): RankingPage {
    const { limit } = this.request;
    const { plan, windows, passed } = this;
    const matching = plan.kind === 'list' ? plan.productIds.length : null;
    this.parts.log.debug({ filter: plan.kind, matching, form: form.kind, windows, images: passed }, 'ranked products');
    return { ranked: ranked.slice(0, limit), hasMore: ranked.length > limit };
  }
}

/** All images up to the last one have been seen: what an index gives after it is farther, or would have come too late. */
function boundaryOf({ near }: NearestWindow): MatchKey | null {
  return near.at(-1) ?? null;
}
