import { formatShare } from './format-price.js';

/** What is known of a match. */
export interface Match {
  /** Cosine, from -1 to 1. */
  similarity: number;
  matchKind: 'SAME_IMAGE' | 'NEAR_DUPLICATE' | 'SIMILAR';
}

/** How alike a product is, for its card. */
export interface Likeness {
  /** Null where the bar alone says it. */
  label: string | null;
  /** How far the bar goes, from 0 to 1. */
  share: number;
}

/** Pictures are compared with pictures, or words are in the question too. */
export type LikenessScale = 'pictures' | 'words';

/**
 * Pictures compare on a scale that people understand: 1 is the same picture, so 0.85 is "85% alike".
 *
 * Words and pictures do not. The best match of words has some 0.3 and no more, on another scale for each model and each
 * wording: as a percentage it would say of the very thing asked for that it is two thirds wrong. So with words the bar
 * is relative to the best of the list, which alone is called so; the order says the rest.
 */
export function likenessOf(match: Match, best: number, scale: LikenessScale): Likeness {
  if (match.matchKind === 'SAME_IMAGE') return { label: 'Same picture', share: 1 };
  if (match.matchKind === 'NEAR_DUPLICATE') return { label: 'Almost the same picture', share: 1 };
  if (scale === 'pictures') {
    const share = withinBar(match.similarity);
    return { label: `${formatShare(share)} alike`, share };
  }
  return { label: match.similarity === best ? 'Best match' : null, share: withinBar(match.similarity / best) };
}

/** Unlike is unlike: what is below 0 has no bar. The best of a list may itself be 0. */
function withinBar(share: number): number {
  return Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
}
