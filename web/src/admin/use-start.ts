import { StartEmbeddingBackfillDocument, type StartEmbeddingBackfillInput } from '@lookalike/apollo';
import { useRef, useState } from 'react';
import type { Backfill } from './backfill-words.js';
import type { Estimate } from './estimate-words.js';
import { useRequest, type Refusal } from './use-request.js';

export interface Start {
  /** Asks what it would do. */
  look: (input: StartEmbeddingBackfillInput) => Promise<void>;
  isLooking: boolean;
  /** What it would do; null where that was not asked. */
  estimate: Estimate | null;
  begin: (input: StartEmbeddingBackfillInput) => Promise<void>;
  isBeginning: boolean;
  refusal: Refusal<{ backfill: Backfill | null }> | null;
  /** Forgets what was said of another question. */
  forget: () => void;
}

/** Starts a backfill, after it was said what it would do. */
export function useStart(onStarted: (backfill: Backfill) => void): Start {
  const [estimate, setEstimate] = useState<Estimate | null>(null);
  const looking = useRequest(StartEmbeddingBackfillDocument, (data) => data.startEmbeddingBackfill);
  const beginning = useRequest(StartEmbeddingBackfillDocument, (data) => data.startEmbeddingBackfill);
  const turn = useRef(0);
  const forget = (): void => {
    turn.current += 1;
    setEstimate(null);
    looking.forget();
    beginning.forget();
  };
  return {
    look: async (input) => {
      forget();
      const asked = turn.current;
      const payload = await looking.ask({ input: { ...input, dryRun: true } });
      // What has been changed meanwhile makes it another question.
      if (turn.current === asked) setEstimate(payload?.estimate ?? null);
    },
    isLooking: looking.isBusy,
    estimate,
    begin: async (input) => {
      const backfill = (await beginning.ask({ input }))?.backfill ?? null;
      if (backfill === null) return;
      forget();
      onStarted(backfill);
    },
    isBeginning: beginning.isBusy,
    refusal: looking.refusal ?? beginning.refusal,
    forget,
  };
}
