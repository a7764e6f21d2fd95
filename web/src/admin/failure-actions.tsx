import { BusyButton } from '../ui/busy-button.js';
import { counted } from '../ui/counted.js';
import styles from './failures.module.css';
import type { Choice } from './use-choice.js';

export interface FailureActionsProps {
  /** Ids of the images that can be chosen. */
  open: readonly string[];
  choice: Choice;
  isBusy: boolean;
  /** What the button for all says: it depends on the reason that is chosen. */
  allLabel: string;
  onRetryChosen: () => void;
  onRetryAll: () => void;
}

/** What can be done with a list of failures. */
export function FailureActions({ open, choice, isBusy, allLabel, onRetryChosen, onRetryAll }: FailureActionsProps) {
  const { chosen } = choice;
  return (
    <div className={styles.actions}>
      <label className={styles.all}>
        <input
          type="checkbox"
          ref={(box) => {
            if (box !== null) box.indeterminate = chosen.length > 0 && chosen.length < open.length;
          }}
          checked={open.length > 0 && chosen.length === open.length}
          disabled={open.length === 0}
          onChange={(event) => choice.choose(open, event.target.checked)}
        />
        Choose all {open.length > 0 && `${open.length} `}shown
      </label>
      <BusyButton
        kind="primary"
        size="small"
        isBusy={isBusy}
        isDisabled={chosen.length === 0}
        busyLabel="Asking…"
        onClick={onRetryChosen}
      >
        {chosen.length === 0 ? 'Try chosen ones again' : `Try ${counted(chosen.length, 'chosen one')} again`}
      </BusyButton>
      <BusyButton size="small" isBusy={isBusy} busyLabel="Asking…" onClick={onRetryAll}>
        {allLabel}
      </BusyButton>
    </div>
  );
}
