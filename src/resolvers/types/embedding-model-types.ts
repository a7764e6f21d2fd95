import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';

export const EmbeddingModelState = {
  ACTIVE: 'ACTIVE',
  FILLING: 'FILLING',
  STANDBY: 'STANDBY',
} as const;

registerEnumType(EmbeddingModelState, {
  name: 'EmbeddingModelState',
  description: 'What a model is there for at the moment.',
  valuesConfig: {
    ACTIVE: { description: 'It answers searches. One model does.' },
    FILLING: { description: 'It does not answer searches, and has a backfill that has not ended.' },
    STANDBY: { description: 'It neither answers searches nor has a backfill; its embeddings stay as they are.' },
  },
});

@ObjectType('EmbeddingModel', { description: 'A CLIP model that turns photographs into vectors.' })
export class EmbeddingModelType {
  @Field(() => ID, { description: 'The name of the model, as configured and as stored in `model_version`.' })
  name!: string;

  @Field(() => Int, { description: 'The length of its vectors.' })
  dimensions!: number;
}
