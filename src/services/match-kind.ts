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
 * Each model spreads its vectors differently, so each has thresholds of its own. Those of tiny-clip are measured
 * (docs/decisions/0011-duplicate-thresholds.md). The others are not: OpenAI's models put different products closer together,
 * so theirs are set high, where they rather miss a changed picture than take two products for one.
 */
const THRESHOLDS: ReadonlyMap<string, MatchKindThresholds> = new Map([
  ['tiny-clip', { sameImage: 0.995, nearDuplicate: 0.96 }],
  ['clip-ViT-B-32', { sameImage: 0.995, nearDuplicate: 0.97 }],
  ['clip-ViT-B-16', { sameImage: 0.995, nearDuplicate: 0.97 }],
  ['clip-ViT-L-14', { sameImage: 0.995, nearDuplicate: 0.97 }],
]);

/** For models that nobody has looked at. */
const DEFAULT_THRESHOLDS: MatchKindThresholds = { sameImage: 0.998, nearDuplicate: 0.98 };

/** The thresholds that hold for a model's similarities. */
export function matchKindThresholds(model: string): MatchKindThresholds {
  return THRESHOLDS.get(model) ?? DEFAULT_THRESHOLDS;
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
