import { BusyButton } from '../ui/busy-button.js';
import { AdminError } from './admin-error.js';
import type { NextPage } from './use-next-page.js';

/** Asks for the next page of a list; nothing where it is whole. */
export function MoreButton({ page }: { page: NextPage }) {
  if (!page.hasMore) return null;
  return (
    <>
      {page.refusal !== null && <AdminError sentence={page.refusal} />}
      <BusyButton isBusy={page.isLoading} busyLabel="Loading…" onClick={page.load}>
        Show more
      </BusyButton>
    </>
  );
}
