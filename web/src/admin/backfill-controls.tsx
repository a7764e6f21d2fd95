import {
  CancelEmbeddingBackfillDocument,
  PauseEmbeddingBackfillDocument,
  ResumeEmbeddingBackfillDocument,
} from '@lookalike/apollo';
import { useState } from 'react';
import { BusyButton } from '../ui/busy-button.js';
import { AdminError } from './admin-error.js';
import styles from './admin.module.css';
import { hasEnded, STATE_WORDS, type Backfill } from './backfill-words.js';
import { ConfirmDialog } from './confirm-dialog.js';
import { useRequest, type Refusal } from './use-request.js';

/** Pauses, resumes and cancels a run while it has not ended. */
export function BackfillControls({ backfill, onCancelled }: { backfill: Backfill; onCancelled: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const pause = useRequest(PauseEmbeddingBackfillDocument, (data) => data.pauseEmbeddingBackfill);
  const resume = useRequest(ResumeEmbeddingBackfillDocument, (data) => data.resumeEmbeddingBackfill);
  const cancel = useRequest(CancelEmbeddingBackfillDocument, (data) => data.cancelEmbeddingBackfill);
  const isPaused = backfill.state === 'PAUSED';
  const isBusy = pause.isBusy || resume.isBusy || cancel.isBusy;
  const refusal = pause.refusal ?? resume.refusal ?? cancel.refusal;
  const input = { id: backfill.id };
  const forget = (): void => [pause, resume, cancel].forEach((request) => request.forget());
  const pauseOrResume = (): void => {
    forget();
    void (isPaused ? resume : pause).ask({ input });
  };
  const end = async (): Promise<void> => {
    forget();
    const payload = await cancel.ask({ input });
    setAsking(false);
    if (payload !== null) onCancelled();
  };
  return (
    <>
      {!hasEnded(backfill) && (
        <div className={styles.buttons}>
          {/* One button for both, so that whoever pressed it is still on it. */}
          <BusyButton isBusy={isBusy} busyLabel={busyLabel(pause.isBusy, resume.isBusy)} onClick={pauseOrResume}>
            {isPaused ? 'Resume' : 'Pause'}
          </BusyButton>
          <BusyButton kind="danger" isBusy={isBusy} busyLabel="Cancel…" onClick={() => setAsking(true)}>
            Cancel…
          </BusyButton>
        </div>
      )}
      {refusal !== null && <AdminError sentence={sentenceFor(refusal)} />}
      {isAsking && (
        <ConfirmDialog
          title="Cancel this backfill?"
          confirmLabel="Cancel the backfill"
          busyLabel="Cancelling…"
          dismissLabel="Let it go on"
          isDangerous
          isBusy={cancel.isBusy}
          onConfirm={() => void end()}
          onClose={() => setAsking(false)}
        >
          <p>
            It can’t be resumed after that. What it has embedded stays, and another backfill embeds the rest. To go on
            with this one later, pause it instead.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}

function sentenceFor({ code, sentence, payload }: Refusal<{ backfill: Backfill | null }>): string {
  const now = payload?.backfill ?? null;
  if (code !== 'CONFLICT' || now === null || !hasEnded(now)) return sentence;
  return `This was not done, because the backfill has ended meanwhile. It is ${STATE_WORDS[now.state].toLowerCase()}.`;
}

function busyLabel(isPausing: boolean, isResuming: boolean): string {
  if (isPausing) return 'Pausing…';
  return isResuming ? 'Resuming…' : 'Pause';
}
