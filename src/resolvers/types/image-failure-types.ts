import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ImageFailureReason as FailureReason } from '../../errors.js';
import { PageInfoType } from './page-info-type.js';

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

  @Field(() => Int, { description: 'How often it was tried in vain, over all backfills until then.' })
  attempts!: number;

  @Field(() => GraphQLDateTimeISO, { description: 'When it failed first, in whichever backfill.' })
  firstFailedAt!: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When this backfill failed to embed it.' })
  lastFailedAt!: string;

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: `When a backfill may try it again by itself. Null where it waits until its URL changes or it is asked for with
\`retryFailedImages\`, and where it is mended.`,
  })
  nextTryAt!: string | null;

  @Field(() => Boolean, { description: 'Whether it has been embedded since, or has left the catalogue.' })
  isMended!: boolean;
}

@ObjectType('ImageFailureCount', { description: 'How many images failed for one reason.' })
export class ImageFailureCountType {
  @Field(() => ImageFailureReason, { description: 'The reason.' })
  reason!: FailureReason;

  @Field(() => Int, { description: 'How many images.' })
  count!: number;
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
