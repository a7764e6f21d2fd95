import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ImageFailureReason as FailureReason } from '../../errors.js';
import type { BackfillScope } from '../../services/backfill-run.js';
import { EmbeddingBackfillScope, EmbeddingBackfillType } from './backfill-types.js';
import { ImageFailureReason } from './image-failure-types.js';

export const UserErrorCode = {
  CONFLICT: 'CONFLICT',
  NOT_FOUND: 'NOT_FOUND',
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  IMAGE_UNREADABLE: 'IMAGE_UNREADABLE',
  IMAGE_TOO_LARGE: 'IMAGE_TOO_LARGE',
  IMAGE_UNREACHABLE: 'IMAGE_UNREACHABLE',
} as const;

registerEnumType(UserErrorCode, {
  name: 'UserErrorCode',
  description: 'Why a mutation did not do what was asked.',
  valuesConfig: {
    CONFLICT: { description: 'Something that is there already is in the way, or the state does not allow it.' },
    NOT_FOUND: { description: 'What was named is not there.' },
    BAD_USER_INPUT: { description: 'A value is not accepted.' },
    IMAGE_UNREADABLE: {
      description:
        'The file is no photograph, is damaged or empty, or in another format than JPEG, PNG, WebP, AVIF and GIF.',
    },
    IMAGE_TOO_LARGE: { description: 'The photograph has more bytes or pixels than are accepted.' },
    IMAGE_UNREACHABLE: { description: 'The address does not lead to a photograph that this server may fetch.' },
  },
});

@ObjectType('UserError', { description: 'A reason why a mutation did not do what was asked.' })
export class UserErrorType {
  @Field(() => [String], {
    nullable: true,
    description: 'Path of the input field at fault; null where it is none in particular.',
  })
  field!: string[] | null;

  @Field(() => UserErrorCode, { description: 'The reason, for machines.' })
  code!: keyof typeof UserErrorCode;

  @Field(() => String, { description: 'The reason, for people.' })
  message!: string;
}

@InputType('StartEmbeddingBackfillInput', { description: 'What to embed.' })
export class StartEmbeddingBackfillInput {
  @Field(() => String, {
    nullable: true,
    description: `The model to embed with; the one that this installation embeds with by default, which is not always the one that
answers searches. One of \`embeddingModels\`, one with a short name (clip-ViT-B-32, clip-ViT-B-16, clip-ViT-L-14), or the id of
a CLIP model on the Hugging Face hub (org/name). A new one gets room of its own, and answers no searches until it is
activated.`,
  })
  model?: string | null;

  @Field(() => EmbeddingBackfillScope, {
    defaultValue: EmbeddingBackfillScope.MISSING,
    description: 'Which images to embed.',
  })
  scope!: BackfillScope;

  @Field(() => [ID], {
    nullable: true,
    description: 'Only the images of these products, at most 1,000; of all by default.',
  })
  productIds?: string[] | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Only say in `estimate` what it would do: nothing is written.',
  })
  dryRun!: boolean;
}

@InputType('EmbeddingBackfillInput', { description: 'Which backfill.' })
export class EmbeddingBackfillInput {
  @Field(() => ID, { description: 'The id of the backfill.' })
  id!: string;
}

@InputType('RetryFailedImagesInput', { description: 'Which images to try again. Both lists narrow it down.' })
export class RetryFailedImagesInput {
  @Field(() => ID, { description: 'The id of the backfill that could not embed them.' })
  backfillId!: string;

  @Field(() => [ImageFailureReason], { nullable: true, description: 'Only those that failed for these reasons.' })
  reasons?: FailureReason[] | null;

  @Field(() => [ID], { nullable: true, description: 'Only these images, at most 1,000.' })
  imageIds?: string[] | null;
}

@ObjectType('EmbeddingBackfillEstimate', { description: 'What a backfill would do as things stand.' })
export class EmbeddingBackfillEstimateType {
  @Field(() => Int, { description: 'Images that it would go over.' })
  total!: number;

  @Field(() => Int, { description: 'Images that it would fetch and embed.' })
  toEmbed!: number;

  @Field(() => Int, {
    description:
      'Images that it would leave alone although they have no current embedding: they wait, or are not in its scope.',
  })
  left!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'How long it would take at the speed of the last backfill, in seconds; null where there was none.',
  })
  seconds!: number | null;
}

@ObjectType('StartEmbeddingBackfillPayload', { description: 'What came of starting a backfill.' })
export class StartEmbeddingBackfillPayloadType {
  @Field(() => EmbeddingBackfillType, {
    nullable: true,
    description: 'The backfill that was started; with a CONFLICT, the one that is active already; null for a dry run.',
  })
  backfill!: EmbeddingBackfillType | null;

  @Field(() => EmbeddingBackfillEstimateType, {
    nullable: true,
    description: 'What it would do; null unless `dryRun`.',
  })
  estimate!: EmbeddingBackfillEstimateType | null;

  @Field(() => [UserErrorType], { description: 'Why none was started; empty where one was.' })
  userErrors!: UserErrorType[];
}

@ObjectType('EmbeddingBackfillPayload', { description: 'What came of steering a backfill.' })
export class EmbeddingBackfillPayloadType {
  @Field(() => EmbeddingBackfillType, {
    nullable: true,
    description: 'The backfill as it is now; null where there is none.',
  })
  backfill!: EmbeddingBackfillType | null;

  @Field(() => [UserErrorType], { description: 'Why it could not be done; empty where it was, or was so already.' })
  userErrors!: UserErrorType[];
}

@ObjectType('RetryFailedImagesPayload', { description: 'What came of asking for another try.' })
export class RetryFailedImagesPayloadType {
  @Field(() => EmbeddingBackfillType, {
    nullable: true,
    description: `The backfill that tries them: the one named while it is active, else a new one. With a CONFLICT, the one that is
active. The one named where there is nothing to try.`,
  })
  backfill!: EmbeddingBackfillType | null;

  @Field(() => Int, { description: 'How many images are tried again.' })
  retriedCount!: number;

  @Field(() => [UserErrorType], { description: 'Why it could not be done; empty where it was.' })
  userErrors!: UserErrorType[];
}
