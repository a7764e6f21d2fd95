import type { EmbeddingModelState, EmbeddingModelSummaryFragment } from '@lookalike/apollo';

/** A model as the list of all brings it. */
export type Model = EmbeddingModelSummaryFragment;

export const MODEL_STATE_WORDS: Readonly<Record<EmbeddingModelState, string>> = {
  ACTIVE: 'Answers searches',
  FILLING: 'Being filled',
  STANDBY: 'Standing by',
};

/** The model that answered searches before the one that does; null where none did. */
export function previousOf(models: readonly Model[]): Model | null {
  const earlier = models.filter(({ state, activatedAt }) => state !== 'ACTIVE' && activatedAt !== null);
  const newestFirst = earlier.sort((one, other) => (other.activatedAt ?? '').localeCompare(one.activatedAt ?? ''));
  return newestFirst[0] ?? null;
}
