import { useQuery } from '@apollo/client/react';
import { EmbeddingStatusDocument, useEmbeddingStatus, type EmbeddingStatus } from '@lookalike/apollo';
import { useEffect, useEffectEvent, useId } from 'react';
import { AdminError } from './admin-error.js';
import { adminSentence } from './admin-sentence.js';
import styles from './admin.module.css';
import { CoverageBar } from './coverage-bar.js';
import type { Backfills } from './use-backfills.js';
import { Waiting } from './waiting.js';

/** How soon it is noticed that another model answers searches. */
const POLL_MS = 10_000;

export interface ActiveCoverageProps {
  /** The runs that are known; null while they are not. */
  runs: Backfills['runs'];
  /** Somebody else has started a run that is not among those. */
  onNewRun: (id: string) => void;
}

/** Where the model that answers searches stands with the catalogue, live. */
export function ActiveCoverage(props: ActiveCoverageProps) {
  const { data, previousData, error } = useQuery(EmbeddingStatusDocument, {
    variables: {},
    fetchPolicy: 'cache-and-network',
    pollInterval: POLL_MS,
    skipPollAttempt: () => document.visibilityState !== 'visible',
  });
  const status = (data ?? previousData)?.embeddingStatus;
  // What is followed stays with its model, so another model is followed anew.
  if (status !== undefined) return <LiveCoverage key={status.model.name} first={status} {...props} />;
  return <Waiting error={error} />;
}

function LiveCoverage({ first, runs, onNewRun }: ActiveCoverageProps & { first: EmbeddingStatus }) {
  const { status, error } = useEmbeddingStatus();
  const { model, coverage, backfill } = status ?? first;
  const id = useId();
  const runId = backfill?.id ?? null;
  const isNew = runId !== null && runs?.every((run) => run.id !== runId) === true;
  const noticed = useEffectEvent(onNewRun);
  useEffect(() => {
    if (isNew) noticed(runId);
  }, [isNew, runId]);
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <h2 id={id}>Coverage</h2>
      <p className={styles.soft}>
        <strong>{model.name}</strong> answers searches. It finds products whose images it has embedded.
      </p>
      <CoverageBar coverage={coverage} />
      {error !== null && <AdminError sentence={adminSentence(error)} />}
    </section>
  );
}
