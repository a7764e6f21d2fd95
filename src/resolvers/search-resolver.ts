import { Arg, Args, ArgsType, Ctx, Field, ID, Query, Resolver } from 'type-graphql';
import { GraphQLUpload } from 'graphql-upload-minimal';
import { BadUserInputError } from '../errors.js';
import { queryImageExpired, type QueryImageService } from '../services/query-image.js';
import type { SearchResult, SearchService } from '../services/search.js';
import type { RequestContext } from './context.js';
import { PageArguments, SearchArguments, toSearchRequest } from './search-arguments.js';
import { toSimilarProductConnection } from './similar-product-connection.js';
import { RegionInput } from './types/region-input.js';
import { SearchProductsInput, toWordsQuestion } from './types/search-products-input.js';
import { SimilarProductConnectionType } from './types/similar-product-types.js';
import type { UploadedPhotograph } from './uploaded-photograph.js';

@ArgsType()
class SimilarProductsArguments extends SearchArguments {
  @Field(() => GraphQLUpload, {
    nullable: true,
    description: 'The photograph: a JPEG, PNG, WebP, AVIF or GIF file, as a GraphQL multipart upload.',
  })
  image?: Promise<UploadedPhotograph> | null;

  @Field(() => ID, { nullable: true, description: 'A photograph that was given to `createQueryImage` before.' })
  queryImageId?: string | null;

  @Field(() => RegionInput, {
    nullable: true,
    description:
      'The part of `image` to search with; the whole by default. A query image gets its region when it is made.',
  })
  region?: RegionInput | null;
}

@Resolver()
export class SearchResolver {
  constructor(
    private readonly search: SearchService,
    private readonly queryImages: QueryImageService,
  ) {}

  @Query(() => SimilarProductConnectionType, {
    description: `Products that look like a photograph: give one of \`image\` and \`queryImageId\`.

With Apollo Client send \`image\` with \`fetchPolicy: 'no-cache'\` and \`queryDeduplication: false\`: its cache takes every file
for the same value, and would answer a second photograph with the products of the first. \`createQueryImage\` has no such trap, and
further pages and filters cost neither an upload nor an inference.`,
  })
  async similarProducts(
    @Args(() => SimilarProductsArguments) given: SimilarProductsArguments,
    @Ctx() context: RequestContext,
  ): Promise<SimilarProductConnectionType> {
    return toSimilarProductConnection(await this.byPicture(given, context), given.after);
  }

  private async byPicture(given: SimilarProductsArguments, context: RequestContext): Promise<SearchResult> {
    const { image = null, queryImageId = null, region = null } = given;
    const request = toSearchRequest(given);
    if ((image === null) === (queryImageId === null)) throw notOnePicture(image === null ? 'neither' : 'both');
    if (image !== null) return this.search.byPhotograph({ bytes: (await image).bytes, region }, request, context);
    if (region !== null) throw regionOfHandle();
    const id = queryImageId ?? '';
    const queryImage = await this.queryImages.find(id);
    if (queryImage === null) throw queryImageExpired(id, 'queryImageId');
    return this.search.byQueryImage(queryImage, request, context);
  }

  @Query(() => SimilarProductConnectionType, {
    nullable: true,
    description: `Products that look like one of the shop's own. Null where the shop has no such product; an empty page with
\`status: NOT_EMBEDDED\` where its photograph is not embedded yet. The product itself is left out.`,
  })
  async similarToProduct(
    @Arg('id', () => ID, { description: 'The id of the product.' }) id: string,
    @Args(() => SearchArguments) given: SearchArguments,
    @Ctx() context: RequestContext,
  ): Promise<SimilarProductConnectionType | null> {
    const result = await this.search.byProduct(id, toSearchRequest(given), context);
    return result === null ? null : toSimilarProductConnection(result, given.after);
  }

  @Query(() => SimilarProductConnectionType, {
    description: `Products that look like words, like pictures and words together ("this, but in red"), and unlike others. Words need a model
with a text tower; without one the error is \`MODEL_UNAVAILABLE\`.`,
  })
  async searchProducts(
    @Arg('input', () => SearchProductsInput, { description: 'What to look for.' }) input: SearchProductsInput,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() context: RequestContext,
  ): Promise<SimilarProductConnectionType> {
    const { filter, minSimilarity } = input;
    const request = toSearchRequest({ limit: page.limit, after: page.after, filter, minSimilarity });
    const result = await this.search.byWords(toWordsQuestion(input), request, context);
    return toSimilarProductConnection(result, page.after);
  }
}

function notOnePicture(came: 'neither' | 'both'): BadUserInputError {
  return new BadUserInputError(
    'image',
    `One of \`image\` (a photograph as a GraphQL multipart upload) and \`queryImageId\` is needed, and ${came} came.`,
  );
}

function regionOfHandle(): BadUserInputError {
  return new BadUserInputError(
    'region',
    '`region` belongs to `image`: a query image keeps no photograph to take a part of. Give the region to createQueryImage.',
  );
}
