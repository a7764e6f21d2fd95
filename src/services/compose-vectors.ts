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

/** Of a sum this much shorter than its parts the direction is noise: vectors are stored with 16 bits a number. */
const SHORTEST_SUM = 0.01;

/**
 * Makes one vector of words, pictures and negative examples: the weighted sum of the text, the mean of the images and, taken
 * away, the mean of the unlike, brought back to length 1. A product's score is then the same weighted sum of its own
 * similarities to the parts, as the inner product is linear.
 *
 * @param weights - above 0 for at least one of the parts that are there.
 * @returns `Float32Array` of the parts' length, L2-normalised.
 * @throws BadUserInputError where the parts cancel each other out.
 */
export function composeVectors(parts: QuestionParts, weights: QuestionWeights): Float32Array {
  const { text, images, unlike } = parts;
  const terms = [
    { vectors: text === null ? [] : [text], weight: weights.text },
    { vectors: images, weight: weights.images },
    { vectors: unlike, weight: -weights.unlike },
  ].filter(({ vectors }) => vectors.length > 0);
  // Only their ratios matter, however small they are.
  const greatest = Math.max(...terms.map(({ weight }) => Math.abs(weight)));
  const sum = new Float64Array(terms[0]?.vectors[0]?.length ?? 0);
  for (const { vectors, weight } of terms) addMean(sum, vectors, weight / greatest);
  const length = Math.sqrt(sum.reduce((total, value) => total + value * value, 0));
  if (length < SHORTEST_SUM) throw cancelledOut();
  return Float32Array.from(sum, (value) => value / length);
}

function addMean(sum: Float64Array, vectors: readonly Float32Array[], weight: number): void {
  for (const vector of vectors) {
    vector.forEach((value, index) => (sum[index] = (sum[index] ?? 0) + (weight * value) / vectors.length));
  }
}

function cancelledOut(): BadUserInputError {
  return new BadUserInputError(
    'input',
    '`input` asks for nothing in particular: what it looks for and what it leaves out cancel each other out.',
  );
}
