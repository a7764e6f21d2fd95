import { visionTower, type Tower } from './towers.js';

/**
 * Scales a model's output to length 1, so that inner product is cosine similarity.
 *
 * @returns a new `Float32Array` of length `dimensions`.
 * @param tower - that the output is of.
 * @throws the tower's defect for output of another length, with a number that is not finite, or all zero.
 */
export function toUnitVector(
  output: Float32Array,
  dimensions: number,
  { noun, defect }: Pick<Tower<never>, 'noun' | 'defect'> = visionTower,
): Float32Array {
  if (output.length !== dimensions) {
    throw defect(`The model made ${output.length} numbers of the ${noun} instead of ${dimensions}.`);
  }
  // Sums in double precision; a not-a-number or an infinity anywhere shows in the sum.
  const norm = Math.sqrt(output.reduce((sum, value) => sum + value * value, 0));
  if (!Number.isFinite(norm) || norm === 0) {
    throw defect(`The model made no usable vector of the ${noun}: its output is not finite or all zero.`);
  }
  return output.map((value) => value / norm);
}
