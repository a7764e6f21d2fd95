import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ImageFailureReason as FailureReason } from '../../errors.js';
import type { BackfillScope, BackfillState } from '../../services/backfill-run.js';
import { PageInfoType } from './page-info-type.js';

export const EmbeddingBackfillState = {
  PENDING: 'PENDING',
  RUNNING: 'RUNNING',
  PAUSED: 'PAUSED',
  COMPLETED: 'COMPLETED',
  CANCELLED: 'CANCELLED',
  FAILED: 'FAILED',
} as const;

registerEnumType(EmbeddingBackfillState, {
  name: 'EmbeddingBackfillState',
  description: 'Where a backfill stands.',
  valuesConfig: {
    PENDING: { description: 'Waits for a worker. A run that was interrupted goes on from here where it stood.' },
    RUNNING: { description: 'A worker has it.' },
    PAUSED: { description: 'Waits until it is resumed.' },
    COMPLETED: { description: 'Went over every image. Some may have failed: see `failures`.' },
    CANCELLED: { description: 'Was ended on request. What it had embedded stays.' },
    FAILED: { description: 'Ended with `error`. What it had embedded stays.' },
  },
});

export const EmbeddingBackfillScope = {
  MISSING: 'MISSING',
  ALL: 'ALL',
} as const;

registerEnumType(EmbeddingBackfillScope, {
  name: 'EmbeddingBackfillScope',
  description: 'Which images a backfill embeds.',
  valuesConfig: {
    MISSING: {
      description: 'Those without a current embedding: new ones, changed ones, and those that failed before.',
    },
    ALL: { description: 'Every image again.' },
  },
});

export const ImageFailureReason = {
  NOT_FOUND: 'NOT_FOUND',
  GONE: 'GONE',
  FORBIDDEN: 'FORBIDDEN',
  TIMEOUT: 'TIMEOUT',
  HOST_UNREACHABLE: 'HOST_UNREACHABLE',
  TLS: 'TLS',
  BLOCKED_ADDRESS: 'BLOCKED_ADDRESS',
  TOO_LARGE: 'TOO_LARGE',
  NOT_AN_IMAGE: 'NOT_AN_IMAGE',
  CORRUPT: 'CORRUPT',
  UNSUPPORTED_FORMAT: 'UNSUPPORTED_FORMAT',
  EMPTY: 'EMPTY',
  REDIRECT_LOOP: 'REDIRECT_LOOP',
  INTERNAL: 'INTERNAL',
} as const;

registerEnumType(ImageFailureReason, {
  name: 'ImageFailureReason',
  description: 'Why an image could not be embedded.',
  valuesConfig: {
    NOT_FOUND: { description: 'There is nothing at its URL.' },
    GONE: { description: 'The host says that it was removed for good.' },
    FORBIDDEN: { description: 'The host does not let us have it.' },
    TIMEOUT: { description: 'It did not arrive in time.' },
    HOST_UNREACHABLE: { description: 'The host does not exist, does not answer, or answers with an error of its own.' },
    TLS: { description: "The host's certificate or encryption is not acceptable." },
    BLOCKED_ADDRESS: { description: 'Its URL leads to a private address, or to a scheme that is not fetched.' },
    TOO_LARGE: { description: 'It is above the limit on bytes or on pixels.' },
    NOT_AN_IMAGE: { description: 'What is at its URL is no image.' },
    CORRUPT: { description: 'It is damaged or cut short.' },
    UNSUPPORTED_FORMAT: { description: 'It is in a format other than JPEG, PNG, WebP, AVIF and GIF.' },
    EMPTY: { description: 'It has 0 bytes.' },
    REDIRECT_LOOP: { description: 'Its URL redirects too often.' },
    INTERNAL: { description: 'It failed in a way that the log tells of.' },
  },
});

@ObjectType('EmbeddingBackfillCounts', { description: 'How far a backfill is, in images.' })
export class EmbeddingBackfillCountsType {
  @Field(() => Int, { nullable: true, description: 'Images it goes over; null until it is planned.' })
  total!: number | null;

  @Field(() => Int, { description: 'Images it is done with: embedded, skipped and failed ones.' })
  processed!: number;

  @Field(() => Int, { description: 'Images it embedded.' })
  embedded!: number;

  @Field(() => Int, { description: 'Images that had a current embedding already.' })
  skipped!: number;

  @Field(() => Int, { description: 'Images it could not embed.' })
  failed!: number;
}

@ObjectType('ImageFailure', { description: 'An image that could not be embedded.' })
export class ImageFailureType {
  @Field(() => ID, { description: 'The id of the image.' })
  imageId!: string;

  @Field(() => ID, { description: 'The id of its product.' })
  productId!: string;

  @Field(() => String, { description: 'The URL as the catalogue has it.' })
  imageUrl!: string;

  @Field(() => ImageFailureReason, { description: 'Why it failed.' })
  reason!: FailureReason;

  @Field(() => String, { description: 'The same in a sentence.' })
  message!: string;

  @Field(() => Int, { nullable: true, description: "The status of the host's answer, where there was one." })
  httpStatus!: number | null;

  @Field(() => Int, { description: 'How many backfills tried it and failed.' })
  attempts!: number;

  @Field(() => GraphQLDateTimeISO, { description: 'When it failed first.' })
  firstFailedAt!: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When it failed last.' })
  lastFailedAt!: string;
}

@ObjectType('ImageFailureEdge', { description: 'A failure and its place in the list.' })
export class ImageFailureEdgeType {
  @Field(() => String, { description: 'Opaque position in the list, for `after`.' })
  cursor!: string;

  @Field(() => ImageFailureType, { description: 'The failure.' })
  node!: ImageFailureType;
}

@ObjectType('ImageFailureConnection', { description: 'Images that could not be embedded.' })
export class ImageFailureConnectionType {
  @Field(() => [ImageFailureEdgeType], { description: 'The failures with their cursors.' })
  edges!: ImageFailureEdgeType[];

  @Field(() => [ImageFailureType], { description: 'The failures alone, in the order of the edges.' })
  nodes!: ImageFailureType[];

  @Field(() => PageInfoType, { description: 'Where this page stands.' })
  pageInfo!: PageInfoType;
}

@ObjectType('EmbeddingBackfill', { description: 'A run that embeds the images that need it.' })
export class EmbeddingBackfillType {
  @Field(() => ID, { description: 'The id of the run.' })
  id!: string;

  @Field(() => EmbeddingBackfillState, { description: 'Where it stands.' })
  state!: BackfillState;

  @Field(() => EmbeddingBackfillScope, { description: 'Which images it embeds.' })
  scope!: BackfillScope;

  @Field(() => String, { description: 'The model it embeds with.' })
  model!: string;

  @Field(() => EmbeddingBackfillCountsType, { description: 'How far it is.' })
  counts!: EmbeddingBackfillCountsType;

  @Field(() => Float, {
    nullable: true,
    description: 'Images a second over the last half minute; null while nobody works on it.',
  })
  imagesPerSecond!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Estimated seconds until it is done; null while that is not known.',
  })
  secondsLeft!: number | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When a worker first took it up.' })
  startedAt!: string | null;

  @Field(() => GraphQLDateTimeISO, { description: 'When something about it last changed.' })
  updatedAt!: string;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it ended; null while it has not.' })
  finishedAt!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it failed, in a sentence; null unless `state` is FAILED.' })
  error!: string | null;
}

@ObjectType('EmbeddingBackfillEdge', { description: 'A backfill and its place in the list.' })
export class EmbeddingBackfillEdgeType {
  @Field(() => String, { description: 'Opaque position in the list, for `after`.' })
  cursor!: string;

  @Field(() => EmbeddingBackfillType, { description: 'The backfill.' })
  node!: EmbeddingBackfillType;
}

@ObjectType('EmbeddingBackfillConnection', { description: 'Backfills, newest first.' })
export class EmbeddingBackfillConnectionType {
  @Field(() => [EmbeddingBackfillEdgeType], { description: 'The backfills with their cursors.' })
  edges!: EmbeddingBackfillEdgeType[];

  @Field(() => [EmbeddingBackfillType], { description: 'The backfills alone, in the order of the edges.' })
  nodes!: EmbeddingBackfillType[];

  @Field(() => PageInfoType, { description: 'Where this page stands.' })
  pageInfo!: PageInfoType;
}
