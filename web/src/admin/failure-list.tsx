import { RetryFailedImagesDocument, type ImageFailureReason, type RetryFailedImagesInput } from '@lookalike/apollo';
import { useId, useState } from 'react';
import { useWhenChanged } from '../ui/use-when-changed.js';
import panels from './admin.module.css';
import { FailureActions } from './failure-actions.js';
import { FailureFilters, type FailureCounts } from './failure-filters.js';
import { REASON_WORDS } from './failure-reasons.js';
import { FailureRow } from './failure-row.js';
import styles from './failures.module.css';
import { MoreButton } from './more-button.js';
import { RetryOutcome, type Retry } from './retry-outcome.js';
import { RunRefusal } from './run-refusal.js';
import { useChoice, type Choice } from './use-choice.js';
import { useFailures, type Failures } from './use-failures.js';
import { useRequest } from './use-request.js';
import { Waiting } from './waiting.js';

export interface FailureListProps {
  backfillId: string;
  counts: FailureCounts;
  /** Another one where what the run could not embed is no longer the same. */
  revision: string;
  /** Something else than the run itself may have changed it. */
  onChange: () => void;
}

/** What a run could not embed: by reason, and with another try for what is chosen. */
export function FailureList({ backfillId, counts, revision, onChange }: FailureListProps) {
  const [reason, setReason] = useState<ImageFailureReason | null>(null);
  const [retried, setRetried] = useState<Retry | null>(null);
  const failures = useFailures(backfillId, reason);
  const open = (failures.list ?? []).filter(({ isMended }) => !isMended).map(({ imageId }) => imageId);
  const choice = useChoice(open);
  const retry = useRequest(RetryFailedImagesDocument, (data) => data.retryFailedImages);
  const id = useId();
  useWhenChanged(revision, failures.refresh);
  const ask = async (which: Omit<RetryFailedImagesInput, 'backfillId'>): Promise<void> => {
    const payload = await retry.ask({ input: { backfillId, ...which } });
    if (payload === null) return;
    choice.clear();
    setRetried({ count: payload.retriedCount, runId: payload.backfill?.id ?? backfillId });
    refresh();
  };
  const refresh = (): void => {
    onChange();
    failures.refresh();
  };
  return (
    <section className={panels.panel} aria-labelledby={id}>
      <h2 id={id}>Failures</h2>
      <FailureFilters counts={counts} reason={reason} onChange={setReason} />
      <FailureActions
        open={open}
        choice={choice}
        isBusy={retry.isBusy}
        allLabel={reason === null ? 'Try all again' : `Try all again: ${REASON_WORDS[reason].label.toLowerCase()}`}
        onRetryChosen={() => void ask({ imageIds: [...choice.chosen] })}
        onRetryAll={() => void ask(reason === null ? {} : { reasons: [reason] })}
      />
      {retry.refusal !== null && <RunRefusal refusal={retry.refusal} />}
      <RetryOutcome retry={retried} backfillId={backfillId} onProgress={refresh} />
      <Rows failures={failures} choice={choice} />
    </section>
  );
}

function Rows({ failures, choice }: { failures: Failures; choice: Choice }) {
  const { list, error, nextPage } = failures;
  if (list === null) return <Waiting error={error} />;
  return (
    <>
      {list.length === 0 && <p className={panels.soft}>There are none.</p>}
      <ul className={styles.rows}>
        {list.map((failure) => (
          <FailureRow
            key={failure.imageId}
            failure={failure}
            isChosen={choice.isChosen(failure.imageId)}
            onChoose={(isChosen) => choice.choose([failure.imageId], isChosen)}
          />
        ))}
      </ul>
      <MoreButton page={nextPage} />
    </>
  );
}
