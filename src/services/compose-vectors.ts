import { BadUserInputError } from '../errors.js';

/** Vectors of one space that a question is made of. All are L2-normalised and have one length. */
export interface QuestionParts {
  text: Float32Array | null;
  images: readonly Float32Array[];
  unlike: readonly Float32Array[];
}

/** How much each kind of part counts, from 0. */
export interface QuestionWeights {
  text: number;
  images: number;
  unlike: number;
}

/** Of a sum that is this much shorter than its parts the direction is noise: vectors are stored with 16 bits a number. */
const SHORTEST_SUM = 0.01;

/**
 * Makes one vector of words, pictures and negative examples: the weighted sum of the text, the mean of the images and, taken
 * away, the mean of the unlike, brought back to length 1. A product's score is then the same weighted sum of its own
 * similarities to the parts, as the inner product is linear.
 *
 * @returns `Float32Array` of the parts' length, L2-normalised.
 * @throws BadUserInputError where the parts cancel each other out.
 */
export function composeVectors(parts: QuestionParts, weights: QuestionWeights): Float32Array {
  const [first] = [...(parts.text === null ? [] : [parts.text]), ...parts.images];
  const sum = new Float64Array(first?.length ?? 0);
  if (parts.text !== null) add(sum, [parts.text], weights.text);
  add(sum, parts.images, weights.images);
  add(sum, parts.unlike, -weights.unlike);
  const length = Math.sqrt(sum.reduce((total, value) => total + value * value, 0));
  if (length < SHORTEST_SUM * Math.max(...Object.values(weights))) {
    throw new BadUserInputError(
      'input',
      '`input` asks for nothing in particular: what it looks for and what it leaves out cancel each other out.',
    );
  }
  return Float32Array.from(sum, (value) => value / length);
}

/** Adds the mean of vectors. */
function add(sum: Float64Array, vectors: readonly Float32Array[], weight: number): void {
  for (const vector of vectors) {
    vector.forEach((value, index) => (sum[index] = (sum[index] ?? 0) + (weight * value) / vectors.length));
  }
}
