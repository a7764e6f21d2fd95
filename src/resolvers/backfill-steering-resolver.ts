import { Arg, Authorized, Mutation, Resolver } from 'type-graphql';
import type { BackfillEstimate } from '../services/backfill-estimate.js';
import type { BackfillRun } from '../services/backfill-run.js';
import type { BackfillSteering, CommandResult, RetryResult } from '../services/backfill-steering.js';
import type { BackfillService, BackfillStart, StartRequest } from '../services/backfill.js';
import { notToEmbedWith } from '../services/model-room.js';
import type { Role } from './context.js';
import { orUserError } from './or-user-error.js';
import {
  EmbeddingBackfillInput,
  EmbeddingBackfillPayloadType,
  RetryFailedImagesInput,
  RetryFailedImagesPayloadType,
  StartEmbeddingBackfillInput,
  StartEmbeddingBackfillPayloadType,
  type UserErrorType,
} from './types/backfill-payload-types.js';

const INPUT_DESCRIPTION = 'Which backfill.';

@Resolver()
export class BackfillSteeringResolver {
  constructor(
    private readonly backfills: BackfillService,
    private readonly steering: BackfillSteering,
  ) {}

  @Authorized<Role>('ADMIN')
  @Mutation(() => StartEmbeddingBackfillPayloadType, {
    nullable: true,
    description: `Starts embedding the images that need it. Returns at once; watch it with \`embeddingStatus\`. A model has one active
backfill at most.`,
  })
  async startEmbeddingBackfill(
    @Arg('input', () => StartEmbeddingBackfillInput, {
      nullable: true,
      description: 'What to embed; what is missing by default.',
    })
    input: StartEmbeddingBackfillInput | null | undefined,
  ): Promise<StartEmbeddingBackfillPayloadType> {
    const request: StartRequest = {
      model: input?.model ?? null,
      scope: input?.scope ?? 'MISSING',
      productIds: input?.productIds ?? null,
    };
    const result = await orUserError<BackfillStart | BackfillEstimate>(() =>
      input?.dryRun === true ? this.backfills.estimate(request) : this.backfills.start(request),
    );
    if (result.kind === 'userError') return { backfill: null, estimate: null, userErrors: [result.error] };
    if (result.kind === 'estimate') return { backfill: null, estimate: result, userErrors: [] };
    return { ...toStartPayload(result), estimate: null };
  }

  @Authorized<Role>('ADMIN')
  @Mutation(() => EmbeddingBackfillPayloadType, {
    nullable: true,
    description: `Pauses a backfill: every worker lets go of it within two seconds. Pausing one that is paused changes nothing; one that
has ended can't be paused.`,
  })
  async pauseEmbeddingBackfill(
    @Arg('input', () => EmbeddingBackfillInput, { description: INPUT_DESCRIPTION }) { id }: EmbeddingBackfillInput,
  ): Promise<EmbeddingBackfillPayloadType> {
    return toPayload(id, 'paused', await this.steering.pause(id));
  }

  @Authorized<Role>('ADMIN')
  @Mutation(() => EmbeddingBackfillPayloadType, {
    nullable: true,
    description: `Lets a paused backfill go on where it stood. Resuming one that is active changes nothing; one that has ended can't be
resumed.`,
  })
  async resumeEmbeddingBackfill(
    @Arg('input', () => EmbeddingBackfillInput, { description: INPUT_DESCRIPTION }) { id }: EmbeddingBackfillInput,
  ): Promise<EmbeddingBackfillPayloadType> {
    return toPayload(id, 'resumed', await this.steering.resume(id));
  }

  @Authorized<Role>('ADMIN')
  @Mutation(() => EmbeddingBackfillPayloadType, {
    nullable: true,
    description: `Ends a backfill for good; what it has embedded stays. Cancelling one that is cancelled changes nothing; one that has
completed or failed can't be cancelled.`,
  })
  async cancelEmbeddingBackfill(
    @Arg('input', () => EmbeddingBackfillInput, { description: INPUT_DESCRIPTION }) { id }: EmbeddingBackfillInput,
  ): Promise<EmbeddingBackfillPayloadType> {
    return toPayload(id, 'cancelled', await this.steering.cancel(id));
  }

  @Authorized<Role>('ADMIN')
  @Mutation(() => RetryFailedImagesPayloadType, {
    nullable: true,
    description: `Tries images again that a backfill could not embed and that still are not, whatever the reason: in the same backfill
while it is active, else in a new one.`,
  })
  async retryFailedImages(
    @Arg('input', () => RetryFailedImagesInput, { description: 'Which images.' }) input: RetryFailedImagesInput,
  ): Promise<RetryFailedImagesPayloadType> {
    const { backfillId, reasons, imageIds } = input;
    const filter = { reasons: reasons ?? null, imageIds: imageIds ?? null };
    const result = await orUserError(() => this.steering.retryFailed(backfillId, filter));
    if (result.kind === 'userError') return { backfill: null, retriedCount: 0, userErrors: [result.error] };
    return toRetryPayload(backfillId, result);
  }
}

function toStartPayload(start: BackfillStart): { backfill: BackfillRun | null; userErrors: UserErrorType[] } {
  switch (start.kind) {
    case 'started':
      return { backfill: start.run, userErrors: [] };
    case 'conflict':
      return { backfill: start.active, userErrors: [inTheWay(start.active)] };
    case 'unknownModel': {
      const message = notToEmbedWith(start);
      return { backfill: null, userErrors: [{ field: ['input', 'model'], code: 'NOT_FOUND', message }] };
    }
  }
}

function toPayload(id: string, asked: string, result: CommandResult): EmbeddingBackfillPayloadType {
  switch (result.kind) {
    case 'done':
      return { backfill: result.run, userErrors: [] };
    case 'refused': {
      const message = `The backfill ${id} is ${result.run.state} and can't be ${asked} any more.`;
      return { backfill: result.run, userErrors: [{ field: ['input', 'id'], code: 'CONFLICT', message }] };
    }
    case 'notFound':
      return { backfill: null, userErrors: [notFound(id, 'id')] };
  }
}

function toRetryPayload(id: string, result: RetryResult): RetryFailedImagesPayloadType {
  switch (result.kind) {
    case 'done':
      return { backfill: result.run, retriedCount: result.retriedCount, userErrors: [] };
    case 'conflict':
      return { backfill: result.active, retriedCount: 0, userErrors: [inTheWay(result.active)] };
    case 'notFound':
      return { backfill: null, retriedCount: 0, userErrors: [notFound(id, 'backfillId')] };
  }
}

function inTheWay({ id, state }: BackfillRun): UserErrorType {
  const message = `The backfill ${id} is ${state} for this model. Wait until it has ended, or cancel it.`;
  return { field: null, code: 'CONFLICT', message };
}

function notFound(id: string, field: string): UserErrorType {
  return { field: ['input', field], code: 'NOT_FOUND', message: `There is no backfill with the id "${id}".` };
}
