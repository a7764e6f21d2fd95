import { useQuery } from '@apollo/client/react';
import { EmbeddingModelsDocument } from '@lookalike/apollo';
import { useState } from 'react';
import { usePageTitle } from '../ui/use-page-title.js';
import { ActiveCoverage } from './active-coverage.js';
import styles from './admin.module.css';
import { BackfillCard } from './backfill-card.js';
import { BackfillHistory } from './backfill-history.js';
import { hasEnded, type Backfill } from './backfill-words.js';
import { ConnectionMark } from './connection-mark.js';
import { StartBackfill } from './start-backfill.js';
import { useBackfills, type Backfills } from './use-backfills.js';
import { Waiting } from './waiting.js';

/** How much of the catalogue is embedded, and the backfills that bring it there. */
export function BackfillsPage() {
  usePageTitle('Embedding');
  const backfills = useBackfills();
  const { data, previousData, error } = useQuery(EmbeddingModelsDocument, { fetchPolicy: 'cache-and-network' });
  const models = (data ?? previousData)?.embeddingModels;
  const watched = useWatched(backfills);
  const watch = (id: string): void => {
    watched.watch(id);
    backfills.refresh();
  };
  return (
    <>
      <div className={styles.heading}>
        <h1>Embedding</h1>
        <ConnectionMark />
      </div>
      <ActiveCoverage runs={backfills.runs} onNewRun={watch} />
      {watched.runs.map((run) => (
        <BackfillCard key={run.id} backfill={run} />
      ))}
      <div className={styles.columns}>
        {models === undefined ? (
          <Waiting error={error} />
        ) : (
          <StartBackfill models={models} onStarted={({ id }) => watch(id)} />
        )}
        <BackfillHistory backfills={backfills} />
      </div>
    </>
  );
}

/** Ended ones of those that are shown at once. */
const MAX_ENDED = 2;

/** Runs that go on, and those that went on since the page was opened: whoever waits for the end wants to see it. */
function useWatched({ runs }: Backfills): { runs: Backfill[]; watch: (id: string) => void } {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const fresh = (runs ?? []).filter((run) => !hasEnded(run) && !ids.has(run.id));
  if (fresh.length > 0) setIds(new Set([...ids, ...fresh.map(({ id }) => id)]));
  const shown = (runs ?? []).filter(({ id }) => ids.has(id));
  const ended = shown.filter(hasEnded).slice(0, MAX_ENDED);
  return {
    runs: shown.filter((run) => !hasEnded(run) || ended.includes(run)),
    watch: (id) => setIds((now) => new Set([...now, id])),
  };
}
