import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
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
    RUNNING: { description: 'Workers have it.' },
    PAUSED: { description: 'Waits until it is resumed. What is embedded stays.' },
    COMPLETED: { description: 'Went over every image. Some may have failed: see `failures`.' },
    CANCELLED: { description: 'Was ended on request. What it had embedded stays.' },
    FAILED: { description: 'Ended with `error`. What it had embedded stays.' },
  },
});

export const EmbeddingBackfillScope = {
  MISSING: 'MISSING',
  STALE: 'STALE',
  FAILED: 'FAILED',
  ALL: 'ALL',
} as const;

registerEnumType(EmbeddingBackfillScope, {
  name: 'EmbeddingBackfillScope',
  description: 'Which images a backfill embeds.',
  valuesConfig: {
    MISSING: {
      description: `Those without a current embedding: new ones, changed ones, and those whose failure may have passed by now.
Images that failed for good wait until they change or until \`retryFailedImages\`.`,
    },
    STALE: { description: 'Those that were embedded and have changed in the catalogue since.' },
    FAILED: { description: 'Those that could not be embedded, whatever the reason.' },
    ALL: { description: 'Every image again.' },
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

  @Field(() => Int, {
    description:
      'Images it left alone: their embedding is current, or they are not in its scope, or their failure has to be waited for.',
  })
  skipped!: number;

  @Field(() => Int, { description: 'Images it could not embed.' })
  failed!: number;
}

@ObjectType('EmbeddingStageTimings', {
  description: 'Milliseconds that an embedded image spent in each stage, in the mean.',
})
export class EmbeddingStageTimingsType {
  @Field(() => Float, { description: 'From the request to the last byte of its photograph.' })
  downloadMs!: number;

  @Field(() => Float, { description: 'Decoding and scaling, with the wait for a free thread.' })
  decodeMs!: number;

  @Field(() => Float, {
    description: 'The model, with the wait for it: far above the others where the model sets the pace.',
  })
  encodeMs!: number;

  @Field(() => Float, { description: 'Its share of storing the batch.' })
  storeMs!: number;
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
    description: 'Images a second of all workers together over the last half minute; null while nobody works on it.',
  })
  imagesPerSecond!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Estimated seconds until it is done; null while that is not known.',
  })
  secondsLeft!: number | null;

  @Field(() => EmbeddingStageTimingsType, {
    nullable: true,
    description: 'Where the time of its images goes; null while none is embedded.',
  })
  stages!: EmbeddingStageTimingsType | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'The products that it is limited to; null where it goes over all.',
  })
  productIds!: string[] | null;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was asked for.' })
  createdAt!: string;

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
