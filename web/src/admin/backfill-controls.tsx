import { useState } from 'react';
import { BusyButton } from '../ui/busy-button.js';
import { AdminError } from './admin-error.js';
import styles from './admin.module.css';
import { hasEnded, type Backfill } from './backfill-words.js';
import { ConfirmDialog } from './confirm-dialog.js';
import { useSteering, type Steering } from './use-steering.js';

/** Pauses, resumes and cancels a run while it has not ended. */
export function BackfillControls({ backfill, onCancelled }: { backfill: Backfill; onCancelled: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const steering = useSteering(backfill);
  const cancel = async (): Promise<void> => {
    const isCancelled = await steering.cancel();
    setAsking(false);
    if (isCancelled) onCancelled();
  };
  return (
    <>
      {!hasEnded(backfill) && (
        <Buttons isPaused={backfill.state === 'PAUSED'} steering={steering} onCancel={() => setAsking(true)} />
      )}
      {steering.refusal !== null && <AdminError sentence={steering.refusal} />}
      {isAsking && (
        <ConfirmDialog
          title="Cancel this backfill?"
          confirmLabel="Cancel the backfill"
          busyLabel="Cancelling…"
          dismissLabel="Let it go on"
          isDangerous
          isBusy={steering.busyWith === 'cancel'}
          onConfirm={() => void cancel()}
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

interface ButtonsProps {
  isPaused: boolean;
  steering: Steering;
  onCancel: () => void;
}

function Buttons({ isPaused, steering, onCancel }: ButtonsProps) {
  const isBusy = steering.busyWith !== null;
  return (
    <div className={styles.buttons}>
      {/* One button for both, so that whoever pressed it is still on it. */}
      <BusyButton
        isBusy={isBusy}
        busyLabel={steering.busyWith === 'resume' ? 'Resuming…' : 'Pausing…'}
        onClick={isPaused ? steering.resume : steering.pause}
      >
        {isPaused ? 'Resume' : 'Pause'}
      </BusyButton>
      <BusyButton kind="danger" isBusy={isBusy} busyLabel="Cancel…" onClick={onCancel}>
        Cancel…
      </BusyButton>
    </div>
  );
}
