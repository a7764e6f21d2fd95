/**
 * How much alike two pictures are: the very same, the same with small changes (encoded anew, resized, trimmed a little), or
 * two pictures of things that look alike.
 */
export type MatchKind = 'SAME_IMAGE' | 'NEAR_DUPLICATE' | 'SIMILAR';

export interface MatchKindThresholds {
  /** Similarity from which two files have the same picture. */
  sameImage: number;
  /** Similarity from which one picture is the other with small changes. At most `sameImage`. */
  nearDuplicate: number;
}

/**
 * Each model spreads its vectors differently, so each has thresholds of its own: measured with `npm run bench --
 * duplicate-thresholds` (docs/decisions/0011-duplicate-thresholds.md).
 */
const MEASURED_THRESHOLDS: ReadonlyMap<string, MatchKindThresholds> = new Map([
  ['tiny-clip', { sameImage: 0.998, nearDuplicate: 0.995 }],
]);

/**
 * For the others, OpenAI's among them. Nobody has measured these; they are set so as to rather miss a changed picture than take
 * two products for one.
 */
const UNMEASURED_THRESHOLDS: MatchKindThresholds = { sameImage: 0.997, nearDuplicate: 0.99 };

/** The thresholds that hold for a model's similarities. */
export function matchKindThresholds(model: string): MatchKindThresholds {
  return MEASURED_THRESHOLDS.get(model) ?? UNMEASURED_THRESHOLDS;
}

/**
 * @param match.model - the name of the model that made both vectors.
 * @param match.similarity - cosine of the two vectors, from -1 to 1.
 * @param match.isSameFile - whether the bytes of both photographs are known to be the same.
 */
export function matchKindOf(match: { model: string; similarity: number; isSameFile: boolean }): MatchKind {
  const { sameImage, nearDuplicate } = matchKindThresholds(match.model);
  if (match.isSameFile || match.similarity >= sameImage) return 'SAME_IMAGE';
  return match.similarity >= nearDuplicate ? 'NEAR_DUPLICATE' : 'SIMILAR';
}
