import { Field, Float, ID, InputType } from 'type-graphql';
import { MAX_QUESTION_IMAGES, MAX_TEXT_LENGTH, type WordsQuestion } from '../../services/words-question.js';
import { ProductFilterInput } from './product-filter-input.js';

@InputType('SearchPictureInput', { description: 'A picture: exactly one of the two.' })
export class SearchPictureInput {
  @Field(() => ID, { nullable: true, description: 'The picture of a product of the shop.' })
  productId?: string;

  @Field(() => ID, { nullable: true, description: 'A photograph that was given to `createQueryImage`.' })
  queryImageId?: string;
}

@InputType('SearchCounterexampleInput', { description: 'What results should not be like: exactly one of the three.' })
export class SearchCounterexampleInput extends SearchPictureInput {
  @Field(() => String, { nullable: true, description: `Words, at most ${MAX_TEXT_LENGTH} characters.` })
  text?: string;
}

@InputType('SearchWeightsInput', {
  description: 'How much each part counts against the others, from 0 to 100; only their ratios matter.',
})
export class SearchWeightsInput {
  @Field(() => Float, { defaultValue: 1, description: 'The words.' })
  text!: number;

  @Field(() => Float, { defaultValue: 1, description: 'The pictures, all together.' })
  images!: number;

  @Field(() => Float, { defaultValue: 0.5, description: 'The counterexamples, all together.' })
  unlike!: number;
}

@InputType('SearchProductsInput', {
  description: 'What products should look like. At least one of `text` and `images`.',
})
export class SearchProductsInput {
  @Field(() => String, {
    nullable: true,
    description: `Words, such as "red striped mug", at most ${MAX_TEXT_LENGTH} characters. A model looks at some 60 words, and most know English
best.`,
  })
  text?: string | null;

  @Field(() => [SearchPictureInput], {
    nullable: true,
    description: `Pictures, at most ${MAX_QUESTION_IMAGES}. Products among them are left out of the answer.`,
  })
  images?: SearchPictureInput[] | null;

  @Field(() => [SearchCounterexampleInput], {
    nullable: true,
    description: `What products should not look like, at most ${MAX_QUESTION_IMAGES}. Products among them are left out of the answer.`,
  })
  unlike?: SearchCounterexampleInput[] | null;

  @Field(() => SearchWeightsInput, { nullable: true, description: 'How much each part counts.' })
  weights?: SearchWeightsInput | null;

  @Field(() => ProductFilterInput, {
    nullable: true,
    description: 'Only products like this. The page is full all the same, whenever there are enough of them.',
  })
  filter?: ProductFilterInput | null;

  @Field(() => Float, {
    nullable: true,
    description: `Leave out products that are less alike than this, from -1 to 1. Words and pictures are seldom more alike than 0.35.`,
  })
  minSimilarity?: number | null;
}

const DEFAULT_WEIGHTS: WordsQuestion['weights'] = { text: 1, images: 1, unlike: 0.5 };

/** The question as services take it. */
export function toWordsQuestion({ text, images, unlike, weights }: SearchProductsInput): WordsQuestion {
  return {
    text: text ?? null,
    images: (images ?? []).map(toPicture),
    unlike: (unlike ?? []).map((part) =>
      part.text === undefined ? toPicture(part) : { kind: 'text', text: part.text },
    ),
    weights: weights ?? DEFAULT_WEIGHTS,
  };
}

/** GraphQL has seen to it that there is exactly one. */
function toPicture({ productId, queryImageId = '' }: SearchPictureInput): WordsQuestion['images'][number] {
  return productId === undefined ? { kind: 'queryImage', id: queryImageId } : { kind: 'product', id: productId };
}
