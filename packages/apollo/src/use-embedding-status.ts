import { useApolloClient } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { WatchEmbeddingStatusDocument, type EmbeddingStatusSnapshotFragment } from './generated/operations.js';
import { toLookalikeError, type LookalikeError } from './lookalike-error.js';

/** Where a model stands with the catalogue, and its backfill. */
export type EmbeddingStatus = EmbeddingStatusSnapshotFragment;

export interface EmbeddingStatusOptions {
  /** The backfill to follow to its end; by default each one of the model that answers searches, one after another. */
  backfillId?: string | null;
  /** Follow nothing for now. Default: false. */
  skip?: boolean;
}

export interface LiveEmbeddingStatus {
  /** The latest; null until the first one comes. */
  status: EmbeddingStatus | null;
  /** Why nothing more comes. A lost connection is no error: it comes back by itself. */
  error: LookalikeError | null;
}

/** The server ends a stream with its backfill; the next one is followed after a moment. */
const FOLLOW_AGAIN_MS = 1_000;

const NOTHING_YET: LiveEmbeddingStatus = { status: null, error: null };

/** Follows an embedding backfill live, at most one change a second, across lost connections and restarts of the server. */
export function useEmbeddingStatus({
  backfillId = null,
  skip = false,
}: EmbeddingStatusOptions = {}): LiveEmbeddingStatus {
  const client = useApolloClient();
  const [live, setLive] = useState<{ backfillId: string | null } & LiveEmbeddingStatus>({ backfillId, ...NOTHING_YET });
  useEffect(() => {
    if (skip) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stop = (): void => undefined;
    const follow = (): void => {
      const subscription = client
        .subscribe({ query: WatchEmbeddingStatusDocument, variables: { backfillId } })
        .subscribe({
          next: ({ data, error }) => {
            if (error !== undefined) setLive((now) => ({ ...now, error: toLookalikeError(error) }));
            if (data == null) return;
            setLive((now) => ({
              backfillId,
              ...newer(now.backfillId === backfillId ? now : NOTHING_YET, data.embeddingStatus),
            }));
          },
          error: (error: unknown) => setLive((now) => ({ ...now, error: toLookalikeError(error) })),
          complete: () => {
            if (backfillId === null) timer = setTimeout(follow, FOLLOW_AGAIN_MS);
          },
        });
      stop = () => subscription.unsubscribe();
    };
    follow();
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [client, backfillId, skip]);
  return live.backfillId === backfillId ? live : NOTHING_YET;
}

/** Servers may tell of the same change one after the other; the higher sequence of a model is the later one. */
function newer({ status }: LiveEmbeddingStatus, next: EmbeddingStatus): LiveEmbeddingStatus {
  const isOlder = status?.model.name === next.model.name && next.sequence < status.sequence;
  return { status: isOlder ? status : next, error: null };
}
