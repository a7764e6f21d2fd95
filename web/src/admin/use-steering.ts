import {
  CancelEmbeddingBackfillDocument,
  PauseEmbeddingBackfillDocument,
  ResumeEmbeddingBackfillDocument,
} from '@lookalike/apollo';
import { hasEnded, STATE_WORDS, type Backfill } from './backfill-words.js';
import { useRequest, type Refusal } from './use-request.js';

export interface Steering {
  pause: () => void;
  resume: () => void;
  /** @returns Whether it is cancelled. */
  cancel: () => Promise<boolean>;
  /** What is under way; null where nothing is. */
  busyWith: 'pause' | 'resume' | 'cancel' | null;
  /** Why the last of them was not done; null where it was. */
  refusal: string | null;
}

/** Pauses, resumes and cancels a run, one at a time. */
export function useSteering({ id }: Pick<Backfill, 'id'>): Steering {
  const pausing = useRequest(PauseEmbeddingBackfillDocument, (data) => data.pauseEmbeddingBackfill);
  const resuming = useRequest(ResumeEmbeddingBackfillDocument, (data) => data.resumeEmbeddingBackfill);
  const cancelling = useRequest(CancelEmbeddingBackfillDocument, (data) => data.cancelEmbeddingBackfill);
  const refusal = pausing.refusal ?? resuming.refusal ?? cancelling.refusal;
  const ask = async ({ ask: send }: typeof pausing | typeof resuming | typeof cancelling): Promise<boolean> => {
    for (const request of [pausing, resuming, cancelling]) request.forget();
    return (await send({ input: { id } })) !== null;
  };
  return {
    pause: () => void ask(pausing),
    resume: () => void ask(resuming),
    cancel: () => ask(cancelling),
    busyWith: (pausing.isBusy && 'pause') || (resuming.isBusy && 'resume') || (cancelling.isBusy && 'cancel') || null,
    refusal: refusal === null ? null : sentenceFor(refusal),
  };
}

function sentenceFor({ code, sentence, payload }: Refusal<{ backfill: Backfill | null }>): string {
  const now = payload?.backfill ?? null;
  if (code !== 'CONFLICT' || now === null || !hasEnded(now)) return sentence;
  return `This was not done, because the backfill has ended meanwhile. It is ${STATE_WORDS[now.state].toLowerCase()}.`;
}
