import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Field, Int, ObjectType } from 'type-graphql';
import { EmbeddingBackfillType } from './backfill-types.js';
import { EmbeddingModelType } from './embedding-model-types.js';

@ObjectType('EmbeddingCoverage', { description: "How many of the catalogue's images a model has embedded." })
export class EmbeddingCoverageType {
  @Field(() => Int, { description: 'Images of the catalogue that are to be embedded.' })
  total!: number;

  @Field(() => Int, { description: 'Images with a current embedding.' })
  embedded!: number;

  @Field(() => Int, { description: 'Images without an embedding that have not failed.' })
  missing!: number;

  @Field(() => Int, { description: 'Images whose URL or time of change is another one than when they were embedded.' })
  stale!: number;

  @Field(() => Int, { description: 'Images without an embedding because the last try failed.' })
  failed!: number;
}

@ObjectType('EmbeddingStatus', { description: 'Where a model stands with the catalogue, and its backfill.' })
export class EmbeddingStatusType {
  @Field(() => EmbeddingModelType, { description: 'The model.' })
  model!: EmbeddingModelType;

  @Field(() => EmbeddingCoverageType, {
    description:
      'How much of the catalogue it has embedded. May be some seconds old, and up to a minute where the catalogue is very large.',
  })
  coverage!: EmbeddingCoverageType;

  @Field(() => EmbeddingBackfillType, {
    nullable: true,
    description: 'The backfill asked for, else the latest one; null where there was none.',
  })
  backfill!: EmbeddingBackfillType | null;

  @Field(() => Int, {
    description: 'Rises with every change, alike on every server: drop what comes with a lower one.',
  })
  sequence!: number;

  @Field(() => GraphQLDateTimeISO, { description: 'When the last change was.' })
  updatedAt!: string;
}
