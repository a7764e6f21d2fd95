import { BadUserInputError } from '../errors.js';
import type { QuestionWeights } from './compose-vectors.js';

/** A picture in a question. */
export type QuestionPicture = { kind: 'product'; id: string } | { kind: 'queryImage'; id: string };

/** What results should not be like. */
export type QuestionCounterexample = QuestionPicture | { kind: 'text'; text: string };

/** Words, pictures and counterexamples, each with a weight. */
export interface WordsQuestion {
  /** Null where there are pictures only. */
  text: string | null;
  images: readonly QuestionPicture[];
  unlike: readonly QuestionCounterexample[];
  weights: QuestionWeights;
}

/** A model looks at some 60 words; what is much longer was not meant for it. */
export const MAX_TEXT_LENGTH = 500;

export const MAX_QUESTION_IMAGES = 10;

const MAX_WEIGHT = 100;

/** A part without weight is not looked for, and need not be there. */
export function whatCounts({ text, images, unlike, weights }: WordsQuestion): WordsQuestion {
  return {
    text: weights.text > 0 ? text : null,
    images: weights.images > 0 ? images : [],
    unlike: weights.unlike > 0 ? unlike : [],
    weights,
  };
}

/** @throws BadUserInputError where a part is out of bounds, or nothing is asked for. */
export function checkQuestion({ text, images, unlike, weights }: WordsQuestion): void {
  if (text === null && images.length === 0) {
    throw new BadUserInputError('input', '`input` must have `text` or `images`: what should products look like?');
  }
  if (text !== null) checkText(text, 'input.text');
  for (const part of unlike) if (part.kind === 'text') checkText(part.text, 'input.unlike');
  checkCount(images, 'input.images');
  checkCount(unlike, 'input.unlike');
  checkWeights(weights);
  const isCounted = (text !== null && weights.text > 0) || (images.length > 0 && weights.images > 0);
  if (!isCounted) {
    const message = 'At least one of `text` and `images` that `input` has must have a weight above 0.';
    throw new BadUserInputError('input.weights', message);
  }
}

/** @throws BadUserInputError */
function checkText(text: string, argument: string): void {
  if (text.trim() === '') throw new BadUserInputError(argument, `\`${argument}\` must not be empty.`);
  if (text.length <= MAX_TEXT_LENGTH) return;
  throw new BadUserInputError(
    argument,
    `\`${argument}\` may have at most ${MAX_TEXT_LENGTH} characters, and has ${text.length}.`,
  );
}

/** @throws BadUserInputError */
function checkCount(parts: readonly unknown[], argument: string): void {
  if (parts.length <= MAX_QUESTION_IMAGES) return;
  throw new BadUserInputError(
    argument,
    `\`${argument}\` may have at most ${MAX_QUESTION_IMAGES} entries, and has ${parts.length}.`,
  );
}

/** @throws BadUserInputError */
function checkWeights(weights: QuestionWeights): void {
  for (const [name, weight] of Object.entries(weights) as [string, number][]) {
    if (weight >= 0 && weight <= MAX_WEIGHT) continue;
    const argument = `input.weights.${name}`;
    throw new BadUserInputError(argument, `\`${argument}\` must be from 0 to ${MAX_WEIGHT}, and ${weight} is not.`);
  }
}
