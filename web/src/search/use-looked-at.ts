import { EmbeddingStatusDocument, useEmbeddingStatus, type EmbeddingStatus } from '@lookalike/apollo';
import { useApolloClient, useQuery } from '@apollo/client/react';
import { useEffect } from 'react';

/** How many of the shop's pictures can be found already. */
export interface LookedAt {
  total: number;
  done: number;
  isComplete: boolean;
  /** Whether more are being looked at now. */
  isGoingOn: boolean;
}

export interface LookedAtState {
  /** Null while it is not known. Without it less is said, and nothing else is amiss: so an error is none here. */
  lookedAt: LookedAt | null;
  isLoading: boolean;
}

/** Whether more can be found in a moment. */
export function isGrowing(lookedAt: LookedAt | null): boolean {
  return lookedAt !== null && lookedAt.isGoingOn && !lookedAt.isComplete;
}

/** Asks once; follows it live while there are pictures left, as in a shop's first minutes. */
export function useLookedAt(): LookedAtState {
  const client = useApolloClient();
  const { data, loading } = useQuery(EmbeddingStatusDocument);
  const known = data === undefined ? null : lookedAtOf(data.embeddingStatus);
  const { status } = useEmbeddingStatus({ skip: known === null || known.isComplete });
  useEffect(() => {
    // So the query is always the latest, for this view and for those that come after it.
    if (status !== null) client.writeQuery({ query: EmbeddingStatusDocument, data: { embeddingStatus: status } });
  }, [client, status]);
  return { lookedAt: known, isLoading: loading && known === null };
}

function lookedAtOf({ coverage, backfill }: EmbeddingStatus): LookedAt {
  const { total, missing } = coverage;
  return {
    total,
    // What can't be had at all is not waited for.
    done: total - missing,
    isComplete: total > 0 && missing === 0,
    isGoingOn: backfill?.state === 'RUNNING' || backfill?.state === 'PENDING',
  };
}
