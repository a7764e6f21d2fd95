import { Arg, Authorized, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { BadUserInputError } from '../errors.js';
import { BACKFILL_ID, type BackfillRun } from '../services/backfill-run.js';
import type { BackfillService, BackfillStart, Page } from '../services/backfill.js';
import type { Role } from './context.js';
import { decodeKeyCursor, encodeCursor, TEXT_KEY } from './cursor.js';
import {
  EmbeddingBackfillConnectionType,
  EmbeddingBackfillType,
  ImageFailureConnectionType,
} from './types/backfill-types.js';
import { pageInfoOf } from './types/page-info-type.js';
import { StartEmbeddingBackfillInput, StartEmbeddingBackfillPayloadType } from './types/start-backfill-types.js';

const MAX_FIRST = 100;
const FIRST_DESCRIPTION = `How many to return at most, from 1 to ${MAX_FIRST}.`;
const AFTER_DESCRIPTION = 'Return what comes after this cursor.';

@Resolver(() => EmbeddingBackfillType)
export class BackfillResolver {
  constructor(private readonly backfills: BackfillService) {}

  @Authorized<Role>('ADMIN')
  @Mutation(() => StartEmbeddingBackfillPayloadType, {
    nullable: true,
    description: 'Starts embedding the images that need it. Returns at once; watch it with `embeddingStatus`.',
  })
  async startEmbeddingBackfill(
    @Arg('input', () => StartEmbeddingBackfillInput, {
      nullable: true,
      description: 'What to embed; what is missing by default.',
    })
    input: StartEmbeddingBackfillInput | null | undefined,
  ): Promise<StartEmbeddingBackfillPayloadType> {
    return toStartPayload(await this.backfills.start({ scope: input?.scope ?? 'MISSING' }));
  }

  @Authorized<Role>('ADMIN')
  @Query(() => EmbeddingBackfillType, {
    nullable: true,
    description: 'A backfill by its id; null where there is none.',
  })
  embeddingBackfill(
    @Arg('id', () => ID, { description: 'The id of the backfill.' }) id: string,
  ): Promise<BackfillRun | null> {
    return this.backfills.find(id);
  }

  @Authorized<Role>('ADMIN')
  @Query(() => EmbeddingBackfillConnectionType, { description: 'All backfills, newest first.' })
  async embeddingBackfills(
    @Arg('first', () => Int, { defaultValue: 20, description: FIRST_DESCRIPTION }) first: number,
    @Arg('after', () => String, { nullable: true, description: AFTER_DESCRIPTION }) after: string | null | undefined,
  ): Promise<EmbeddingBackfillConnectionType> {
    checkFirst(first);
    const page = await this.backfills.list({ first, after: decodeKeyCursor(after, BACKFILL_ID) });
    return toConnection(page, (run) => run.id, after);
  }

  @Authorized<Role>('ADMIN')
  @FieldResolver(() => ImageFailureConnectionType, {
    description: 'The images that it was the last to try and could not embed, and why.',
  })
  async failures(
    @Root() run: BackfillRun,
    @Arg('first', () => Int, { defaultValue: 20, description: FIRST_DESCRIPTION }) first: number,
    @Arg('after', () => String, { nullable: true, description: AFTER_DESCRIPTION }) after: string | null | undefined,
  ): Promise<ImageFailureConnectionType> {
    checkFirst(first);
    const page = await this.backfills.failures(run.id, { first, after: decodeKeyCursor(after, TEXT_KEY) });
    return toConnection(page, (failure) => failure.imageId, after);
  }
}

function toStartPayload(start: BackfillStart): StartEmbeddingBackfillPayloadType {
  if (start.kind === 'started') return { backfill: start.run, userErrors: [] };
  const { id, state } = start.active;
  const message = `The backfill ${id} is ${state} for this model. Wait until it has ended.`;
  return { backfill: start.active, userErrors: [{ field: null, code: 'CONFLICT', message }] };
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
