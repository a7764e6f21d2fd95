import { useApolloClient, useQuery } from '@apollo/client/react';
import { EmbeddingBackfillsDocument, toLookalikeError, type LookalikeError } from '@lookalike/apollo';
import { useCallback } from 'react';
import { readAdminToken } from '../admin-token.js';
import { useEvery } from '../ui/use-every.js';
import type { Backfill } from './backfill-words.js';
import { useNextPage, type NextPage } from './use-next-page.js';

const PAGE_SIZE = 20;
/** The most that the API gives at once. */
const MAX_PAGE_SIZE = 100;
/** How soon a run is noticed that somebody else has started. */
const POLL_MS = 10_000;

export interface Backfills {
  /** Newest first; null while nothing has come. */
  runs: readonly Backfill[] | null;
  error: LookalikeError | null;
  nextPage: NextPage;
  /** Asks again for as many as there are. */
  refresh: () => void;
}

/** The runs that there are and were. Those that are followed live are up to date by themselves. */
export function useBackfills(): Backfills {
  const client = useApolloClient();
  const query = useQuery(EmbeddingBackfillsDocument, {
    variables: { first: PAGE_SIZE },
    fetchPolicy: 'cache-and-network',
  });
  const list = (query.data ?? query.previousData)?.embeddingBackfills;
  const count = list?.edges.length ?? 0;
  const refresh = useCallback(() => {
    if (readAdminToken() === null) return;
    const first = Math.min(MAX_PAGE_SIZE, Math.max(PAGE_SIZE, count));
    // It is shown through the cache; whether the server answers is shown by what is live.
    client
      .query({ query: EmbeddingBackfillsDocument, variables: { first }, fetchPolicy: 'network-only' })
      .catch(() => undefined);
  }, [client, count]);
  useEvery(POLL_MS, refresh);
  const after = list?.pageInfo.hasNextPage === true ? list.pageInfo.endCursor : null;
  const nextPage = useNextPage(after, (cursor) => query.fetchMore({ variables: { first: PAGE_SIZE, after: cursor } }));
  return {
    runs: list?.edges.map(({ node }) => node) ?? null,
    error: query.error === undefined ? null : toLookalikeError(query.error),
    nextPage,
    refresh,
  };
}
