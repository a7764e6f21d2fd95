import { BadUserInputError } from '../errors.js';
import type { CatalogFacets } from './catalog/catalog-facets.js';
import type { Catalog } from './catalog/catalog.js';
import { DearAnswers } from './dear-answers.js';

export const MAX_FACET_VALUES = 200;

/** What products can be filtered by: found by going over the whole catalogue, and remembered for as long as that was dear. */
export class FacetService {
  /** Of the one catalogue that there is, and with all the values that anybody may ask for. */
  private readonly answers: DearAnswers<CatalogFacets>;

  constructor(catalog: Pick<Catalog, 'facets'>, nowMs?: () => number) {
    this.answers = new DearAnswers(() => catalog.facets(MAX_FACET_VALUES), nowMs);
  }

  /**
   * @param first - how many values of each facet at most, from 1 to {@link MAX_FACET_VALUES}.
   * @throws BadUserInputError where `first` is out of bounds.
   */
  async current(first: number): Promise<CatalogFacets> {
    checkFirst(first);
    const { categories, brands, ...others } = await this.answers.current('');
    return { ...others, categories: categories.slice(0, first), brands: brands.slice(0, first) };
  }
}

/** @throws BadUserInputError */
function checkFirst(first: number): void {
  if (first >= 1 && first <= MAX_FACET_VALUES) return;
  throw new BadUserInputError('first', `\`first\` must be from 1 to ${MAX_FACET_VALUES}, and ${first} is not.`);
}
