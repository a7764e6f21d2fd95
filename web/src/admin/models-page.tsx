import { useApolloClient, useQuery } from '@apollo/client/react';
import { EmbeddingModelsDocument } from '@lookalike/apollo';
import { useState } from 'react';
import { Link } from 'react-router';
import { Notice } from '../ui/notice.js';
import { useLaterFocus } from '../ui/use-later-focus.js';
import { usePageTitle } from '../ui/use-page-title.js';
import styles from './admin.module.css';
import { hasEnded } from './backfill-words.js';
import { ModelCard } from './model-card.js';
import { ModelComparison } from './model-comparison.js';
import type { Model } from './model-words.js';
import { RollBack } from './roll-back.js';
import { useBackfills } from './use-backfills.js';
import { Waiting } from './waiting.js';

/** A model that is being filled changes all the time. */
const POLL_MS = 4_000;

/** The models of this shop side by side, and which of them answers searches. */
export function ModelsPage() {
  usePageTitle('Models');
  const { data, previousData, error, refetch } = useQuery(EmbeddingModelsDocument, {
    fetchPolicy: 'cache-and-network',
    pollInterval: POLL_MS,
    skipPollAttempt: () => document.visibilityState !== 'visible',
  });
  const models = (data ?? previousData)?.embeddingModels;
  const { done, say } = useDone(refetch);
  const [heading, focusHeading] = useLaterFocus();
  const tell = (sentence: string): void => {
    say(sentence);
    // What was pressed may be gone.
    focusHeading();
  };
  return (
    <>
      <div className={styles.heading}>
        <h1 ref={heading} tabIndex={-1}>
          Models
        </h1>
      </div>
      <div role="status">{done !== null && <p className={styles.estimate}>{done}</p>}</div>
      {models === undefined ? <Waiting error={error} /> : <Models models={models} onDone={tell} />}
    </>
  );
}

/** Says what was done, and sees to it that nothing of before is shown any more. */
function useDone(refetch: () => Promise<unknown>): { done: string | null; say: (sentence: string) => void } {
  const { cache } = useApolloClient();
  const [done, setDone] = useState<string | null>(null);
  const say = (sentence: string): void => {
    setDone(sentence);
    // The answers that are kept may be another model's.
    for (const fieldName of ['searchProducts', 'similarToProduct', 'embeddingStatus']) cache.evict({ fieldName });
    cache.gc();
    refetch().catch(() => undefined);
  };
  return { done, say };
}

function Models({ models, onDone }: { models: readonly Model[]; onDone: (sentence: string) => void }) {
  const { runs } = useBackfills();
  const active = models.find(({ state }) => state === 'ACTIVE') ?? null;
  const others = models.filter((model) => model !== active);
  return (
    <>
      <RollBack models={models} onDone={onDone} />
      <div className={styles.cards}>
        {[...(active === null ? [] : [active]), ...others].map((model) => (
          <ModelCard
            key={model.name}
            model={model}
            active={active?.name ?? null}
            runId={runs?.find((run) => run.model === model.name && !hasEnded(run))?.id ?? null}
            onDone={onDone}
          />
        ))}
      </div>
      {models.length === 1 ? (
        <HowToGetAnother />
      ) : (
        // With other models to choose from it begins anew.
        <ModelComparison key={models.map(({ name }) => name).join(' ')} models={models} />
      )}
    </>
  );
}

function HowToGetAnother() {
  return (
    <Notice title="There is only one model">
      <p>
        To see whether another one finds better, <Link to="/admin">start a backfill</Link> and choose a new model for
        it. It is filled beside this one, and changes no answer. When it is filled, compare the two here, and let the
        better one answer.
      </p>
    </Notice>
  );
}
