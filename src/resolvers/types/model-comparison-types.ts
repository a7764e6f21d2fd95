import { Field, Float, ObjectType } from 'type-graphql';
import { EmbeddingModelType } from './embedding-model-types.js';
import { ProductType } from './product-type.js';
import { SimilarProductConnectionType } from './similar-product-types.js';

@ObjectType('ComparedProduct', { description: 'What two models answer about a product.' })
export class ComparedProductType {
  @Field(() => ProductType, { description: 'The product that both were asked about.' })
  product!: ProductType;

  @Field(() => SimilarProductConnectionType, {
    description: 'What the baseline answers. With `status: NOT_EMBEDDED` it has not embedded the product.',
  })
  baseline!: SimilarProductConnectionType;

  @Field(() => SimilarProductConnectionType, {
    description: 'What the candidate answers. With `status: NOT_EMBEDDED` it has not embedded the product.',
  })
  candidate!: SimilarProductConnectionType;

  @Field(() => Float, {
    nullable: true,
    description: `How many products are in both answers, over how many are in the longer one: 1 where both have the same. Null where one of
the models has not embedded the product.`,
  })
  overlap!: number | null;
}

@ObjectType('ModelComparison', { description: 'What two models answer to the same questions.' })
export class ModelComparisonType {
  @Field(() => EmbeddingModelType, { description: 'The model that is compared with.' })
  baseline!: EmbeddingModelType;

  @Field(() => EmbeddingModelType, { description: 'The model that is looked at.' })
  candidate!: EmbeddingModelType;

  @Field(() => [ComparedProductType], { description: 'The products in the order asked for, each once.' })
  products!: ComparedProductType[];

  @Field(() => Float, {
    nullable: true,
    description: 'The mean of the overlaps of products that both have embedded; null where there are none.',
  })
  meanOverlap!: number | null;
}
