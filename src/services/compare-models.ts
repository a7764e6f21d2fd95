import { AppError, BadUserInputError } from '../errors.js';
import type { ModelIdentity, Product } from '../types.js';
import type { Catalog } from './catalog/catalog.js';
import type { EmbeddingModelStore, StoredModel } from './embedding-model-store.js';
import { unknownModel } from './embedding-models.js';
import { checkBounds, wholeRanking } from './search-request.js';
import type { SearchContext, SearchResult, SearchService } from './search.js';

/** The most products that one comparison may be about. */
export const MAX_COMPARED_PRODUCTS = 50;

export interface CompareRequest {
  productIds: readonly string[];
  /** Products in each answer, 1 to 100. */
  limit: number;
  /** Name of a model; null is the one that answers searches. */
  baseline: string | null;
  /** Name of another one; null is the newest of the others. */
  candidate: string | null;
}

/** What two models answer about a product. */
export interface ComparedProduct {
  product: Product;
  baseline: SearchResult;
  candidate: SearchResult;
  /** Products in both answers over those in the longer one, 0 to 1; null where one model has not embedded the product. */
  overlap: number | null;
}

export interface ModelComparison {
  baseline: ModelIdentity;
  candidate: ModelIdentity;
  products: ComparedProduct[];
  /** Over the products that both have embedded; null where there are none. */
  meanOverlap: number | null;
}

export interface ModelComparisonsOptions {
  catalog: Catalog;
  models: Pick<EmbeddingModelStore, 'list'>;
  search: Pick<SearchService, 'ofProduct'>;
}

/** Asks two models the same. */
export class ModelComparisons {
  constructor(private readonly options: ModelComparisonsOptions) {}

  /**
   * @throws BadUserInputError where `request` is out of bounds, or names one model twice.
   * @throws AppError NOT_FOUND for a product that the shop does not have, and where there are no such models.
   */
  async compare(request: CompareRequest, context: SearchContext): Promise<ModelComparison> {
    const productIds = this.checkProductIds(request);
    const { baseline, candidate } = choose(await this.options.models.list(), request);
    const products = await Promise.all(productIds.map((id) => findProduct(id, context)));
    const compared = await Promise.all(
      products.map(async (product): Promise<ComparedProduct> => {
        const ask = (model: ModelIdentity): Promise<SearchResult> =>
          this.options.search.ofProduct(product, wholeRanking(request.limit), { ...context, model });
        const answers = { baseline: await ask(baseline), candidate: await ask(candidate) };
        return { product, ...answers, overlap: overlapOf(answers) };
      }),
    );
    const overlaps = compared.map(({ overlap }) => overlap).filter((overlap) => overlap !== null);
    const meanOverlap = overlaps.length === 0 ? null : overlaps.reduce((sum, one) => sum + one, 0) / overlaps.length;
    return { baseline, candidate, products: compared, meanOverlap };
  }

  /** @throws BadUserInputError */
  private checkProductIds({ productIds, limit }: CompareRequest): string[] {
    checkBounds(wholeRanking(limit));
    if (productIds.length === 0 || productIds.length > MAX_COMPARED_PRODUCTS) {
      const counts = `from 1 to ${MAX_COMPARED_PRODUCTS} products, and has ${productIds.length}`;
      throw new BadUserInputError('productIds', `\`productIds\` may name ${counts}.`);
    }
    return this.options.catalog.canonicalProductIds(productIds, 'productIds');
  }
}

async function findProduct(id: string, { loaders }: SearchContext): Promise<Product> {
  const product = await loaders.product.load(id);
  if (product !== null) return product;
  throw new AppError('NOT_FOUND', `The shop has no product "${id}".`, { details: { argument: 'productIds' } });
}

function choose(
  models: readonly StoredModel[],
  names: Pick<CompareRequest, 'baseline' | 'candidate'>,
): Record<'baseline' | 'candidate', ModelIdentity> {
  const baseline = named(models, 'baseline', names) ?? models.find(({ isActive }) => isActive);
  if (baseline === undefined)
    throw notFound('baseline', 'No model answers searches here, so `baseline` has to name one.');
  const candidate = named(models, 'candidate', names) ?? newestBut(baseline, models);
  if (candidate === undefined) {
    throw notFound('candidate', `There is no other model than "${baseline.name}" here to compare it with.`);
  }
  if (candidate.name !== baseline.name) return { baseline: identityOf(baseline), candidate: identityOf(candidate) };
  const message = `\`candidate\` must be another model than \`baseline\`, and both are "${baseline.name}".`;
  throw new BadUserInputError('candidate', message);
}

/** @returns Undefined where none is named. */
function named(
  models: readonly StoredModel[],
  argument: 'baseline' | 'candidate',
  names: Pick<CompareRequest, 'baseline' | 'candidate'>,
): StoredModel | undefined {
  const name = names[argument];
  if (name === null) return undefined;
  const model = models.find((one) => one.name === name);
  if (model !== undefined) return model;
  const known = models.map((one) => one.name);
  throw notFound(argument, unknownModel({ kind: 'unknownModel', model: name, known }));
}

function newestBut({ name }: StoredModel, models: readonly StoredModel[]): StoredModel | undefined {
  const others = models.filter((model) => model.name !== name);
  return others.sort((one, other) => other.createdAt.localeCompare(one.createdAt))[0];
}

function notFound(argument: string, message: string): AppError {
  return new AppError('NOT_FOUND', message, { details: { argument } });
}

function overlapOf({ baseline, candidate }: Pick<ComparedProduct, 'baseline' | 'candidate'>): number | null {
  if (baseline.status === 'NOT_EMBEDDED' || candidate.status === 'NOT_EMBEDDED') return null;
  const longer = Math.max(baseline.matches.length, candidate.matches.length);
  // Two empty answers say the same.
  if (longer === 0) return 1;
  const found = new Set(baseline.matches.map(({ product }) => product.id));
  return candidate.matches.filter(({ product }) => found.has(product.id)).length / longer;
}

function identityOf({ name, dimensions }: ModelIdentity): ModelIdentity {
  return { name, dimensions };
}
