import { Arg, Args, ArgsType, Authorized, Field, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { BadUserInputError, type ImageFailureReason as FailureReason } from '../errors.js';
import { BACKFILL_ID, type BackfillRun } from '../services/backfill-run.js';
import type { BackfillSteering, Page } from '../services/backfill-steering.js';
import type { Role } from './context.js';
import { decodeKeyCursor, encodeCursor, TEXT_KEY } from './cursor.js';
import { EmbeddingBackfillConnectionType, EmbeddingBackfillType } from './types/backfill-types.js';
import { ImageFailureConnectionType, ImageFailureCountType, ImageFailureReason } from './types/image-failure-types.js';
import { pageInfoOf } from './types/page-info-type.js';

const MAX_FIRST = 100;
const FIRST_DESCRIPTION = `How many to return at most, from 1 to ${MAX_FIRST}.`;
const AFTER_DESCRIPTION = 'Return what comes after this cursor.';

@ArgsType()
class FailuresArguments {
  @Field(() => Int, { defaultValue: 20, description: FIRST_DESCRIPTION })
  first!: number;

  @Field(() => String, { nullable: true, description: AFTER_DESCRIPTION })
  after?: string | null;

  @Field(() => ImageFailureReason, { nullable: true, description: 'Only those that failed for this reason.' })
  reason?: FailureReason | null;
}

@Resolver(() => EmbeddingBackfillType)
export class BackfillResolver {
  constructor(private readonly steering: BackfillSteering) {}

  @Authorized<Role>('ADMIN')
  @Query(() => EmbeddingBackfillType, {
    nullable: true,
    description: 'A backfill by its id; null where there is none.',
  })
  embeddingBackfill(
    @Arg('id', () => ID, { description: 'The id of the backfill.' }) id: string,
  ): Promise<BackfillRun | null> {
    return this.steering.find(id);
  }

  @Authorized<Role>('ADMIN')
  @Query(() => EmbeddingBackfillConnectionType, { description: 'All backfills, newest first.' })
  async embeddingBackfills(
    @Arg('first', () => Int, { defaultValue: 20, description: FIRST_DESCRIPTION }) first: number,
    @Arg('after', () => String, { nullable: true, description: AFTER_DESCRIPTION }) after: string | null | undefined,
  ): Promise<EmbeddingBackfillConnectionType> {
    checkFirst(first);
    const page = await this.steering.list({ first, after: decodeKeyCursor(after, BACKFILL_ID) });
    return toConnection(page, (run) => run.id, after);
  }

  @Authorized<Role>('ADMIN')
  @FieldResolver(() => ImageFailureConnectionType, {
    description: 'The images that it could not embed, and why. Kept as long as the backfill is.',
  })
  async failures(
    @Root() run: BackfillRun,
    @Args(() => FailuresArguments) { first, after, reason }: FailuresArguments,
  ): Promise<ImageFailureConnectionType> {
    checkFirst(first);
    const page = { first, after: decodeKeyCursor(after, TEXT_KEY), reason: reason ?? null };
    return toConnection(await this.steering.failures(run.id, page), (failure) => failure.imageId, after);
  }

  @Authorized<Role>('ADMIN')
  @FieldResolver(() => [ImageFailureCountType], {
    description: 'How many images it could not embed for each reason, most first.',
  })
  failureCounts(@Root() run: BackfillRun): Promise<ImageFailureCountType[]> {
    return this.steering.countFailures(run.id);
  }
}

/** @throws BadUserInputError */
function checkFirst(first: number): void {
  if (first >= 1 && first <= MAX_FIRST) return;
  throw new BadUserInputError('first', `\`first\` must be from 1 to ${MAX_FIRST}, and ${first} is not.`);
}

function toConnection<Item>(page: Page<Item>, keyOf: (item: Item) => string, after: string | null | undefined) {
  const edges = page.items.map((item) => ({ cursor: encodeCursor([keyOf(item)]), node: item }));
  return { edges, nodes: page.items, pageInfo: pageInfoOf(edges, { hasNext: page.hasNext, after }) };
}
