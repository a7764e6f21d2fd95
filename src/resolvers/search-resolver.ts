import { Arg, Ctx, Float, ID, Int, Query, Resolver } from 'type-graphql';
import { GraphQLUpload } from 'graphql-upload-minimal';
import { BadUserInputError } from '../errors.js';
import type { SearchService } from '../services/search.js';
import type { RequestContext } from './context.js';
import { DEFAULT_LIMIT, LIMIT_DESCRIPTION, MIN_SIMILARITY_DESCRIPTION } from './search-arguments.js';
import { toSimilarProductConnection } from './similar-product-connection.js';
import { SimilarProductConnectionType } from './types/similar-product-types.js';
import type { UploadedPhotograph } from './uploaded-photograph.js';

@Resolver()
export class SearchResolver {
  constructor(private readonly search: SearchService) {}

  @Query(() => SimilarProductConnectionType, {
    description: `Products that look like a photograph.

With Apollo Client send this with \`fetchPolicy: 'no-cache'\` and \`queryDeduplication: false\`: its cache takes every file
for the same value, and would answer a second photograph with the products of the first.`,
  })
  async similarProducts(
    @Arg('image', () => GraphQLUpload, {
      nullable: true,
      description: 'The photograph: a JPEG, PNG, WebP, AVIF or GIF file, as a GraphQL multipart upload.',
    })
    image: Promise<UploadedPhotograph> | null | undefined,
    @Arg('limit', () => Int, { defaultValue: DEFAULT_LIMIT, description: LIMIT_DESCRIPTION })
    limit: number,
    @Arg('minSimilarity', () => Float, { nullable: true, description: MIN_SIMILARITY_DESCRIPTION })
    minSimilarity: number | null | undefined,
    @Ctx() context: RequestContext,
  ): Promise<SimilarProductConnectionType> {
    if (image === null || image === undefined) throw missingImage();
    const { bytes } = await image;
    const request = { limit, minSimilarity: minSimilarity ?? null };
    return toSimilarProductConnection(await this.search.byPhotograph(bytes, request, context.signal));
  }

  @Query(() => SimilarProductConnectionType, {
    nullable: true,
    description: `Products that look like one of the shop's own. Null where the shop has no such product; an empty page with
\`status: NOT_EMBEDDED\` where its photograph is not embedded yet. The product itself is left out.`,
  })
  async similarToProduct(
    @Arg('id', () => ID, { description: 'The id of the product.' }) id: string,
    @Arg('limit', () => Int, { defaultValue: DEFAULT_LIMIT, description: LIMIT_DESCRIPTION }) limit: number,
    @Arg('minSimilarity', () => Float, { nullable: true, description: MIN_SIMILARITY_DESCRIPTION })
    minSimilarity: number | null | undefined,
  ): Promise<SimilarProductConnectionType | null> {
    const result = await this.search.byProduct(id, { limit, minSimilarity: minSimilarity ?? null });
    return result === null ? null : toSimilarProductConnection(result);
  }
}

function missingImage(): BadUserInputError {
  return new BadUserInputError('image', '`image` is missing: send a photograph as a GraphQL multipart upload.');
}
