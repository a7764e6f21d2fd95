import { useQuery } from '@apollo/client/react';
import { EmbeddingStatusDocument, useEmbeddingStatus, type EmbeddingStatus } from '@lookalike/apollo';
import { useEffect, useId } from 'react';
import { AdminError } from './admin-error.js';
import { adminSentence } from './admin-sentence.js';
import styles from './admin.module.css';
import { CoverageBar } from './coverage-bar.js';
import type { Backfills } from './use-backfills.js';
import { Waiting } from './waiting.js';

/** How soon it is noticed that another model answers searches. */
const POLL_MS = 10_000;

/** Where the model that answers searches stands with the catalogue, live. */
export function ActiveCoverage({ backfills }: { backfills: Backfills }) {
  const { data, previousData, error } = useQuery(EmbeddingStatusDocument, {
    variables: {},
    fetchPolicy: 'cache-and-network',
    pollInterval: POLL_MS,
    skipPollAttempt: () => document.visibilityState !== 'visible',
  });
  const status = (data ?? previousData)?.embeddingStatus;
  // What is followed stays with its model, so another model is followed anew.
  if (status !== undefined) return <LiveCoverage key={status.model.name} first={status} backfills={backfills} />;
  return <Waiting error={error} />;
}

function LiveCoverage({ first, backfills }: { first: EmbeddingStatus; backfills: Backfills }) {
  const { status, error } = useEmbeddingStatus();
  const { model, coverage, backfill } = status ?? first;
  const id = useId();
  useNoticed(backfill?.id ?? null, backfills);
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

/** Asks for the list again where it does not have the run that goes on: somebody else has started it. */
function useNoticed(runId: string | null, { runs, refresh }: Backfills): void {
  const isUnknown = runId !== null && runs?.every(({ id }) => id !== runId) === true;
  useEffect(() => {
    if (isUnknown) refresh();
  }, [isUnknown, refresh]);
}
