import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { ImageFailure } from '../services/backfill-failure-store.js';
import type { Product } from '../types.js';
import type { RequestContext } from './context.js';
import { ImageFailureType } from './types/image-failure-types.js';
import { ProductType } from './types/product-type.js';

@Resolver(() => ImageFailureType)
export class ImageFailureResolver {
  @FieldResolver(() => ProductType, {
    nullable: true,
    description: 'Its product; null where the catalogue no longer has it.',
  })
  product(@Root() failure: ImageFailure, @Ctx() { loaders }: RequestContext): Promise<Product | null> {
    return loaders.product.load(failure.productId);
  }
}
