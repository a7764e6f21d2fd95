import type { ReactNode, Ref } from 'react';

export interface BusyButtonProps {
  children: ReactNode;
  /** Whether what it asked for is under way. It keeps the focus then, and does nothing. */
  isBusy: boolean;
  /** What it says meanwhile. */
  busyLabel: string;
  /** Nothing for `submit`: the form asks. */
  onClick?: () => void;
  type?: 'button' | 'submit';
  kind?: 'primary' | 'danger';
  size?: 'small';
  isDisabled?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

/** A button that asks the server for something. */
export function BusyButton(props: BusyButtonProps) {
  const { children, isBusy, busyLabel, onClick, type = 'button', kind, size, isDisabled = false, ref } = props;
  return (
    <button
      ref={ref}
      type={type}
      className="button"
      data-kind={kind}
      data-size={size}
      disabled={isDisabled}
      aria-disabled={isBusy || undefined}
      onClick={isBusy ? undefined : onClick}
    >
      {isBusy ? busyLabel : children}
    </button>
  );
}
