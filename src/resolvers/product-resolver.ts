import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { Catalog } from '../services/catalog/catalog.js';
import type { ImageSource } from '../services/images/image-source.js';
import type { SearchService } from '../services/search.js';
import type { CatalogImage, Product } from '../types.js';
import type { RequestContext } from './context.js';
import { SearchArguments, toSearchRequest } from './search-arguments.js';
import { toSimilarProductConnection } from './similar-product-connection.js';
import { ProductImageType, ProductType } from './types/product-type.js';
import { SimilarProductConnectionType } from './types/similar-product-types.js';

@Resolver(() => ProductType)
export class ProductResolver {
  constructor(
    private readonly catalog: Catalog,
    private readonly search: SearchService,
  ) {}

  @Query(() => ProductType, {
    nullable: true,
    description: 'A product by its id; null where the shop has no such product.',
  })
  product(
    @Arg('id', () => ID, { description: 'The id of the product.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<Product | null> {
    this.catalog.checkProductId(id, 'id');
    return context.loaders.product.load(id);
  }

  @FieldResolver(() => ProductImageType, {
    nullable: true,
    description: 'The picture that stands for the product in lists; null where it has none.',
  })
  async mainImage(@Root() product: Product, @Ctx() context: RequestContext): Promise<CatalogImage | null> {
    const images = await context.loaders.imagesOfProduct.load(product.id);
    return images[0] ?? null;
  }

  @FieldResolver(() => [ProductImageType], { description: "The product's pictures, the main one first." })
  images(@Root() product: Product, @Ctx() context: RequestContext): Promise<CatalogImage[]> {
    return context.loaders.imagesOfProduct.load(product.id);
  }

  @FieldResolver(() => SimilarProductConnectionType, {
    description: 'Products that look like this one, which is left out itself.',
  })
  async similarProducts(
    @Root() product: Product,
    @Args(() => SearchArguments) given: SearchArguments,
    @Ctx() context: RequestContext,
  ): Promise<SimilarProductConnectionType> {
    return toSimilarProductConnection(
      await this.search.ofProduct(product, toSearchRequest(given), context),
      given.after,
    );
  }
}

@Resolver(() => ProductImageType)
export class ProductImageResolver {
  constructor(private readonly source: Pick<ImageSource, 'publicUrl'>) {}

  @FieldResolver(() => String, { description: 'Where the picture is: an absolute address, or a path on this server.' })
  url(@Root() image: CatalogImage): string {
    return this.source.publicUrl(image.url);
  }
}
