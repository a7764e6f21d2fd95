import { Arg, Args, ArgsType, Authorized, Ctx, Field, ID, Int, Query, Resolver } from 'type-graphql';
import { MAX_COMPARED_PRODUCTS, type ModelComparisons } from '../services/compare-models.js';
import { MAX_SEARCH_LIMIT } from '../types.js';
import type { RequestContext, Role } from './context.js';
import { toSimilarProductConnection } from './similar-product-connection.js';
import { ModelComparisonType } from './types/model-comparison-types.js';

@ArgsType()
class ComparisonArguments {
  @Field(() => Int, {
    defaultValue: 10,
    description: `How many products each answer has at most, from 1 to ${MAX_SEARCH_LIMIT}.`,
  })
  limit!: number;

  @Field(() => String, {
    nullable: true,
    description: 'The model to compare with; the one that answers searches by default.',
  })
  baseline?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The model to look at; by default the one that was added last, other than the baseline.',
  })
  candidate?: string | null;
}

@Resolver()
export class ModelComparisonResolver {
  constructor(private readonly comparisons: ModelComparisons) {}

  @Authorized<Role>('ADMIN')
  @Query(() => ModelComparisonType, {
    description: 'Asks two models for products that look like each of these, to see what a switch would change.',
  })
  async compareEmbeddingModels(
    @Arg('productIds', () => [ID], { description: `The ids of 1 to ${MAX_COMPARED_PRODUCTS} products.` })
    productIds: string[],
    @Args(() => ComparisonArguments) { limit, baseline, candidate }: ComparisonArguments,
    @Ctx() context: RequestContext,
  ): Promise<ModelComparisonType> {
    const request = { productIds, limit, baseline: baseline ?? null, candidate: candidate ?? null };
    const comparison = await this.comparisons.compare(request, context);
    const products = comparison.products.map((compared) => ({
      ...compared,
      baseline: toSimilarProductConnection(compared.baseline, null),
      candidate: toSimilarProductConnection(compared.candidate, null),
    }));
    return { ...comparison, products };
  }
}
