import { Arg, ID, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { EmbeddingStatus, EmbeddingStatusService } from '../services/embedding-status.js';
import type { RequestContext } from './context.js';
import { EmbeddingStatusType } from './types/embedding-status-types.js';

interface SubscriptionRequest {
  args: { backfillId?: string | null };
  context: RequestContext;
}

@Resolver()
export class StatusResolver {
  constructor(private readonly status: EmbeddingStatusService) {}

  @Query(() => EmbeddingStatusType, {
    description: 'Where a model stands with the catalogue, and its latest backfill.',
  })
  embeddingStatus(
    @Arg('model', () => String, {
      nullable: true,
      description: 'One of `embeddingModels`; the one that answers searches by default.',
    })
    model: string | null | undefined,
  ): Promise<EmbeddingStatus> {
    return this.status.read({ model: model ?? null });
  }

  @Subscription(() => EmbeddingStatusType, {
    name: 'embeddingStatus',
    description: `Where a model stands: at once, then at every change, at most once a second. Ends with the final state of the backfill
that it follows: the one asked for, else the active one of the model that answers searches, else the next one to start.`,
    subscribe: ({ args, context }: SubscriptionRequest) => context.embeddingStatus.follow(args.backfillId ?? null),
  })
  watchEmbeddingStatus(
    @Root() status: EmbeddingStatus,
    @Arg('backfillId', () => ID, { nullable: true, description: 'The backfill to follow.' })
    _backfillId: string | null | undefined,
  ): EmbeddingStatus {
    return status;
  }
}
