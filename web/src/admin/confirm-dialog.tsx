import { useEffect, useId, useLayoutEffect, useRef, type MouseEvent, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useAdminAccess } from '../admin-token.js';
import { BusyButton } from '../ui/busy-button.js';
import styles from './confirm-dialog.module.css';

export interface ConfirmDialogProps {
  title: string;
  children: ReactNode;
  /** What the button says that does it. */
  confirmLabel: string;
  busyLabel: string;
  dismissLabel?: string;
  /** Whether something is lost by it. */
  isDangerous?: boolean;
  isBusy: boolean;
  /** Whether something has to be filled in first. */
  isIncomplete?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/**
 * Asks before something is done. It is open while it is there; what had the focus gets it back. It stands at the end of the page, so
 * that nothing about the place that it is asked from has a say in how it looks.
 */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, children, dismissLabel = 'Not now', isBusy, onConfirm, onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useOpen(dialog);
  useCloseWhenRefused(onClose);
  const closeOutside = (event: MouseEvent): void => {
    if (event.target === dialog.current) onClose();
  };
  return createPortal(
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={closeOutside}
    >
      <form
        className={styles.content}
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy && props.isIncomplete !== true) onConfirm();
        }}
      >
        <h2 id={id}>{title}</h2>
        {children}
        <div className={styles.buttons}>
          <button type="button" className="button" onClick={onClose}>
            {dismissLabel}
          </button>
          <BusyButton
            type="submit"
            kind={props.isDangerous === true ? 'danger' : 'primary'}
            isBusy={isBusy}
            isDisabled={props.isIncomplete}
            busyLabel={props.busyLabel}
          >
            {props.confirmLabel}
          </BusyButton>
        </div>
      </form>
    </dialog>,
    document.body,
  );
}

/** Only a dialog that is closed while it is still in the document gives the focus back. */
function useOpen(dialog: { current: HTMLDialogElement | null }): void {
  useLayoutEffect(() => {
    const opened = dialog.current;
    opened?.showModal();
    return () => opened?.close();
  }, [dialog]);
}

/** The form for the token comes instead, and an open dialog would keep everybody from it. */
function useCloseWhenRefused(onClose: () => void): void {
  const access = useAdminAccess();
  useEffect(() => {
    if (access === 'refused') onClose();
  });
}
