import { GraphQLUpload } from 'graphql-upload-minimal';
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { UploadedPhotograph } from '../uploaded-photograph.js';
import { UserErrorType } from './backfill-payload-types.js';
import { EmbeddingModelType } from './embedding-model-types.js';

@InputType('CreateQueryImageInput', {
  description: 'A photograph: a JPEG, PNG, WebP, AVIF or GIF file. Give exactly one of the three.',
})
export class CreateQueryImageInput {
  @Field(() => GraphQLUpload, { nullable: true, description: 'The file, as a GraphQL multipart upload.' })
  upload?: Promise<UploadedPhotograph>;

  @Field(() => String, {
    nullable: true,
    description: 'Where the file is: an absolute http or https address that this server may fetch from.',
  })
  url?: string;

  @Field(() => String, {
    nullable: true,
    description: `The file in base64, plain or as a \`data:\` URL, given in a variable. A request may have 8 MB, so send a photograph above some 5 MB as
\`upload\`.`,
  })
  base64?: string;
}

@ObjectType('QueryImage', {
  description: `A photograph to search with, as often as wanted until it expires. Only what the model sees in it is kept, never the photograph.`,
})
export class QueryImageType {
  @Field(() => ID, {
    description: 'Opaque, and impossible to guess: whoever has it can search with the photograph, from any server.',
  })
  id!: string;

  @Field(() => Int, { description: 'Width of the whole photograph as it stands upright, in pixels.' })
  width!: number;

  @Field(() => Int, { description: 'Height of the whole photograph as it stands upright, in pixels.' })
  height!: number;

  @Field(() => GraphQLDateTimeISO, { description: 'Until when it can be searched with.' })
  expiresAt!: string;

  @Field(() => EmbeddingModelType, {
    description: 'The model that has seen it, and that answers for it also when another one has become active.',
  })
  model!: EmbeddingModelType;
}

@ObjectType('CreateQueryImagePayload', { description: 'What came of giving a photograph.' })
export class CreateQueryImagePayloadType {
  @Field(() => QueryImageType, {
    nullable: true,
    description: 'What to search with; null where the photograph was not accepted.',
  })
  queryImage!: QueryImageType | null;

  @Field(() => [UserErrorType], { description: 'Why the photograph was not accepted; empty where it was.' })
  userErrors!: UserErrorType[];
}
