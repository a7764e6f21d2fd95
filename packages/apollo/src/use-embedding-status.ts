import type { ApolloClient } from '@apollo/client';
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

/** A server whose databases are away for a while answers, and says so. */
const AWAY_MS = 5_000;

const NOTHING_YET: LiveEmbeddingStatus = { status: null, error: null };

/**
 * Follows an embedding backfill live, at most one change a second, across lost connections, restarts of the server, and times in
 * which its databases are away.
 */
export function useEmbeddingStatus({
  backfillId = null,
  skip = false,
}: EmbeddingStatusOptions = {}): LiveEmbeddingStatus {
  const client = useApolloClient();
  const [live, setLive] = useState<{ backfillId: string | null } & LiveEmbeddingStatus>({ backfillId, ...NOTHING_YET });
  useEffect(() => {
    if (skip) return undefined;
    const change = (to: (now: LiveEmbeddingStatus) => LiveEmbeddingStatus): void =>
      setLive((now) => ({ backfillId, ...to(now.backfillId === backfillId ? now : NOTHING_YET) }));
    return follow(client, backfillId, {
      onStatus: (status) => change((now) => newer(now, status)),
      onError: (error) => change((now) => ({ ...now, error })),
    });
  }, [client, backfillId, skip]);
  return live.backfillId === backfillId ? live : NOTHING_YET;
}

interface Follower {
  onStatus: (status: EmbeddingStatus) => void;
  onError: (error: LookalikeError) => void;
}

/** @returns What ends it. */
function follow(client: ApolloClient, backfillId: string | null, { onStatus, onError }: Follower): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stop = (): void => undefined;
  const again = (afterMs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(subscribe, afterMs);
  };
  const fail = (cause: unknown): void => {
    const error = toLookalikeError(cause);
    onError(error);
    if (error.code === 'SERVICE_UNAVAILABLE') again(AWAY_MS);
  };
  const subscribe = (): void => {
    let hasFailed = false;
    const subscription = client
      .subscribe({ query: WatchEmbeddingStatusDocument, variables: { backfillId } })
      .subscribe({
        next: ({ data, error }) => {
          hasFailed = error !== undefined;
          if (error !== undefined) fail(error);
          else if (data != null) onStatus(data.embeddingStatus);
        },
        error: fail,
        complete: () => {
          if (backfillId === null && !hasFailed) again(FOLLOW_AGAIN_MS);
        },
      });
    stop = () => subscription.unsubscribe();
  };
  subscribe();
  return () => {
    clearTimeout(timer);
    stop();
  };
}

/** Servers may tell of the same change one after the other; the higher sequence of a model is the later one. */
function newer({ status }: LiveEmbeddingStatus, next: EmbeddingStatus): LiveEmbeddingStatus {
  const isOlder = status?.model.name === next.model.name && next.sequence < status.sequence;
  return { status: isOlder ? status : next, error: null };
}
