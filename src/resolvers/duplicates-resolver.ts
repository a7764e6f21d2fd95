import { Args, ArgsType, Authorized, Ctx, Field, Int, Query, Resolver } from 'type-graphql';
import { MAX_DUPLICATE_PAIRS, type DuplicatePage, type DuplicateService } from '../services/duplicates.js';
import type { MatchKind as Kind } from '../services/match-kind.js';
import type { RequestContext, Role } from './context.js';
import { decodeKeysCursor, encodeCursor, TEXT_KEY } from './cursor.js';
import { DuplicateProductConnectionType } from './types/duplicate-types.js';
import { MatchKind } from './types/match-kind-type.js';
import { pageInfoOf } from './types/page-info-type.js';

type Position = NonNullable<DuplicatePage['next']>;

@ArgsType()
class DuplicateArguments {
  @Field(() => Int, {
    defaultValue: 20,
    description: `How many to return at most, from 1 to ${MAX_DUPLICATE_PAIRS}.`,
  })
  first!: number;

  @Field(() => String, { nullable: true, description: 'Return what comes after this cursor.' })
  after?: string | null;

  @Field(() => MatchKind, {
    defaultValue: MatchKind.NEAR_DUPLICATE,
    description: 'How much alike the pictures have to be at least: `NEAR_DUPLICATE`, or `SAME_IMAGE`.',
  })
  minKind!: Kind;

  @Field(() => String, {
    nullable: true,
    description: 'The name of the model that compares; the one that answers searches by default.',
  })
  model?: string | null;
}

@Resolver()
export class DuplicatesResolver {
  constructor(private readonly duplicates: DuplicateService) {}

  @Authorized<Role>('ADMIN')
  @Query(() => DuplicateProductConnectionType, {
    description: `Products that share a picture, or nearly: entered twice, say, or shown with a picture of another one. Each pair of
pictures comes once, in no order of likeness. One request goes over a bounded number of pictures, so a page may be short or
empty while \`hasNextPage\` is true: go on with \`endCursor\` until it is false.`,
  })
  async duplicateProducts(
    @Args(() => DuplicateArguments) { first, after, minKind, model }: DuplicateArguments,
    @Ctx() { loaders }: RequestContext,
  ): Promise<DuplicateProductConnectionType> {
    const request = { first, after: decodePosition(after), minKind, model: model ?? null };
    const { pairs, next } = await this.duplicates.page(request, loaders);
    const edges = pairs.map((pair) => ({ cursor: encodePosition(pair.position), node: pair }));
    const { endCursor: lastCursor, ...pageInfo } = pageInfoOf(edges, { hasNext: next !== null, after });
    // Looked at was more than up to the last pair.
    const endCursor = next === null ? lastCursor : encodePosition(next);
    return { edges, nodes: pairs, pageInfo: { ...pageInfo, endCursor } };
  }
}

function encodePosition({ imageId, otherImageId }: Position): string {
  return encodeCursor(otherImageId === null ? [imageId] : [imageId, otherImageId]);
}

/** @throws AppError INVALID_CURSOR */
function decodePosition(cursor: string | null | undefined): Position | null {
  const [imageId, otherImageId = null] = decodeKeysCursor(cursor, { form: TEXT_KEY, most: 2 }) ?? [];
  return imageId === undefined ? null : { imageId, otherImageId };
}
