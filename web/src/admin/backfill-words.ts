import type {
  EmbeddingBackfillProgressFragment,
  EmbeddingBackfillScope,
  EmbeddingBackfillState,
} from '@lookalike/apollo';
import { counted } from '../ui/counted.js';
import { formatCount } from '../ui/format-price.js';

/** A run as lists and subscriptions bring it. */
export type Backfill = EmbeddingBackfillProgressFragment;

export const STATE_WORDS: Readonly<Record<EmbeddingBackfillState, string>> = {
  PENDING: 'Waiting for a worker',
  RUNNING: 'Running',
  PAUSED: 'Paused',
  COMPLETED: 'Completed',
  CANCELLED: 'Cancelled',
  FAILED: 'Failed',
};

/** Which images a run embeds: in short, and what that means. */
export const SCOPE_WORDS: Readonly<Record<EmbeddingBackfillScope, { label: string; meaning: string }>> = {
  MISSING: {
    label: 'Missing images',
    meaning: 'New ones, changed ones, and those that failed and may work by now. What is embedded is left alone.',
  },
  STALE: { label: 'Changed images', meaning: 'Only those that were embedded before they changed.' },
  FAILED: { label: 'Failed images', meaning: 'Only those that could not be embedded, whatever the reason.' },
  ALL: { label: 'All images', meaning: 'Every one again. Takes the longest.' },
};

/** "Missing images with tiny-clip". */
export function titleOf({ scope, model }: Pick<Backfill, 'scope' | 'model'>): string {
  return `${SCOPE_WORDS[scope].label} with ${model}`;
}

/** Whether nothing more comes of a run. */
export function hasEnded({ state }: Pick<Backfill, 'state'>): boolean {
  return state === 'COMPLETED' || state === 'CANCELLED' || state === 'FAILED';
}

/** "120 of 384 images, 31%". */
export function progressWords({ total, processed }: Backfill['counts']): string {
  if (total === null) return 'Counting the images';
  return `${formatCount(processed)} of ${counted(total, 'image')}${total === 0 ? '' : `, ${percentOf(processed, total)}%`}`;
}

/** Whole, and 100 only where it is all. */
export function percentOf(part: number, whole: number): number {
  return whole === 0 ? 100 : Math.floor((part / whole) * 100);
}

/** "372 embedded, 12 failed", without what is zero. */
export function outcomeWords({ embedded, skipped, failed }: Backfill['counts']): string {
  const parts = [
    [embedded, 'embedded'],
    [skipped, 'left alone'],
    [failed, 'failed'],
  ] as const;
  const named = parts.filter(([count]) => count > 0).map(([count, word]) => `${formatCount(count)} ${word}`);
  return named.length === 0 ? 'Nothing to do' : named.join(', ');
}

/** "38 images a second". */
export function rateWords(imagesPerSecond: number): string {
  const rounded = imagesPerSecond >= 10 ? String(Math.round(imagesPerSecond)) : imagesPerSecond.toFixed(1);
  return `${rounded} images a second`;
}
