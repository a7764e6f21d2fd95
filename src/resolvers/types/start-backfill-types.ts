import { Field, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { BackfillScope } from '../../services/backfill-run.js';
import { EmbeddingBackfillScope, EmbeddingBackfillType } from './backfill-types.js';

export const UserErrorCode = {
  CONFLICT: 'CONFLICT',
} as const;

registerEnumType(UserErrorCode, {
  name: 'UserErrorCode',
  description: 'Why a mutation did not do what was asked.',
  valuesConfig: { CONFLICT: { description: 'Something that is there already is in the way.' } },
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
  @Field(() => EmbeddingBackfillScope, {
    defaultValue: EmbeddingBackfillScope.MISSING,
    description: 'Which images to embed.',
  })
  scope!: BackfillScope;
}

@ObjectType('StartEmbeddingBackfillPayload', { description: 'What came of starting a backfill.' })
export class StartEmbeddingBackfillPayloadType {
  @Field(() => EmbeddingBackfillType, {
    nullable: true,
    description: 'The backfill that was started; with a CONFLICT, the one that is active already.',
  })
  backfill!: EmbeddingBackfillType | null;

  @Field(() => [UserErrorType], { description: 'Why none was started; empty where one was.' })
  userErrors!: UserErrorType[];
}
