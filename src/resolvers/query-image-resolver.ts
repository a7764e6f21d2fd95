import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { BadUserInputError, ImageError } from '../errors.js';
import type { PhotographSource, QueryImage, QueryImageService } from '../services/query-image.js';
import type { SearchService } from '../services/search.js';
import type { RequestContext } from './context.js';
import { SearchArguments, toSearchRequest } from './search-arguments.js';
import { toSimilarProductConnection } from './similar-product-connection.js';
import { UserErrorCode, type UserErrorType } from './types/backfill-payload-types.js';
import { CreateQueryImageInput, CreateQueryImagePayloadType, QueryImageType } from './types/query-image-types.js';
import { RegionInput } from './types/region-input.js';
import { SimilarProductConnectionType } from './types/similar-product-types.js';

@Resolver(() => QueryImageType)
export class QueryImageResolver {
  constructor(
    private readonly queryImages: QueryImageService,
    private readonly search: SearchService,
  ) {}

  @Mutation(() => CreateQueryImagePayloadType, {
    nullable: true,
    description: `Takes a photograph to search with, once: further pages and filters cost neither an upload nor an inference. As its answer has an
id, a client's cache keeps the products of one photograph apart from those of another.`,
  })
  async createQueryImage(
    @Arg('input', () => CreateQueryImageInput, { description: 'The photograph.' }) input: CreateQueryImageInput,
    @Arg('region', () => RegionInput, {
      nullable: true,
      description: 'The part of the photograph to search with; the whole by default.',
    })
    region: RegionInput | null | undefined,
    @Ctx() { signal }: RequestContext,
  ): Promise<CreateQueryImagePayloadType> {
    try {
      const queryImage = await this.queryImages.create(await toSource(input), { region: region ?? null, signal });
      return { queryImage, userErrors: [] };
    } catch (error) {
      return { queryImage: null, userErrors: [toUserError(error, input)] };
    }
  }

  @Query(() => QueryImageType, {
    nullable: true,
    description:
      'A photograph that was given to `createQueryImage`; null where there is none of that id, or it has expired.',
  })
  queryImage(
    @Arg('id', () => ID, { description: 'The id of the query image.' }) id: string,
  ): Promise<QueryImage | null> {
    return this.queryImages.find(id);
  }

  @FieldResolver(() => SimilarProductConnectionType, { description: 'Products that look like it.' })
  async similarProducts(
    @Root() image: QueryImage,
    @Args(() => SearchArguments) given: SearchArguments,
    @Ctx() context: RequestContext,
  ): Promise<SimilarProductConnectionType> {
    const result = await this.search.byQueryImage(image, toSearchRequest(given), context);
    return toSimilarProductConnection(result, given.after);
  }
}

/** GraphQL has seen to it that there is exactly one. */
async function toSource({ upload, url, base64 = '' }: CreateQueryImageInput): Promise<PhotographSource> {
  if (upload !== undefined) return { kind: 'bytes', bytes: (await upload).bytes };
  return url === undefined ? { kind: 'base64', text: base64 } : { kind: 'url', url };
}

/** @throws whatever the photograph, its address and its region are not to blame for. */
function toUserError(error: unknown, input: CreateQueryImageInput): UserErrorType {
  if (error instanceof BadUserInputError) {
    const field = String(error.details.argument).split('.');
    if (field[0] === 'input' || field[0] === 'region') {
      return { field, code: 'BAD_USER_INPUT', message: error.message };
    }
  }
  if (error instanceof ImageError && isUserErrorCode(error.code)) {
    return { field: ['input', ...Object.keys(input)], code: error.code, message: error.message };
  }
  throw error;
}

function isUserErrorCode(code: string): code is keyof typeof UserErrorCode {
  return code in UserErrorCode;
}
