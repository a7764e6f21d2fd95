import { Field, Float, InputType, ObjectType } from 'type-graphql';
import { DEFAULT_MIN_COVERAGE } from '../../services/embedding-models.js';
import { UserErrorType } from './backfill-payload-types.js';
import { EmbeddingModelType } from './embedding-model-types.js';

@InputType('ActivateEmbeddingModelInput', { description: 'Which model is to answer searches.' })
export class ActivateEmbeddingModelInput {
  @Field(() => String, { description: 'The name of the model, one of `embeddingModels`.' })
  model!: string;

  @Field(() => Float, {
    defaultValue: DEFAULT_MIN_COVERAGE,
    description: `The share of the catalogue's images that it has to have embedded, from 0 to 1, changed ones included: below it nothing is
switched. An empty catalogue counts as 0.`,
  })
  minCoverage!: number;
}

@ObjectType('ActivateEmbeddingModelPayload', { description: 'What came of activating a model.' })
export class ActivateEmbeddingModelPayloadType {
  @Field(() => EmbeddingModelType, {
    nullable: true,
    description: 'The model, which answers searches now; null where it was not activated.',
  })
  model!: EmbeddingModelType | null;

  @Field(() => EmbeddingModelType, {
    nullable: true,
    description: 'The model that answered before, to go back to; null where nothing was switched.',
  })
  previousModel!: EmbeddingModelType | null;

  @Field(() => [UserErrorType], { description: 'Why it was not activated; empty where it was, or was so already.' })
  userErrors!: UserErrorType[];
}

@InputType('DropEmbeddingModelInput', { description: 'Which model is to go.' })
export class DropEmbeddingModelInput {
  @Field(() => String, { description: 'The name of the model, one of `embeddingModels`.' })
  model!: string;
}

@ObjectType('DropEmbeddingModelPayload', { description: 'What came of dropping a model.' })
export class DropEmbeddingModelPayloadType {
  @Field(() => String, {
    nullable: true,
    description: 'The name of the model that is gone; null where nothing was dropped.',
  })
  droppedModel!: string | null;

  @Field(() => [UserErrorType], { description: 'Why it was not dropped; empty where it was.' })
  userErrors!: UserErrorType[];
}
