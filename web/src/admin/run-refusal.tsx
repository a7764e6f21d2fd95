import { Link } from 'react-router';
import { AdminError } from './admin-error.js';
import type { Backfill } from './backfill-words.js';
import type { Refusal } from './use-request.js';

/** Why no run was started, with a link to the one that is in the way, where one is. */
export function RunRefusal({ refusal }: { refusal: Refusal<{ backfill: Backfill | null }> }) {
  const active = refusal.code === 'CONFLICT' ? refusal.payload?.backfill : null;
  if (active == null) return <AdminError sentence={refusal.sentence} />;
  return (
    <AdminError sentence={`A backfill of ${active.model} has not ended yet. Wait for its end, or cancel it.`}>
      <Link to={`/admin/backfills/${active.id}`}>Look at it</Link>
    </AdminError>
  );
}
