import { useApolloClient, useQuery } from '@apollo/client/react';
import {
  ImageFailuresDocument,
  toLookalikeError,
  type ImageFailureReason,
  type ImageFailuresQuery,
  type LookalikeError,
} from '@lookalike/apollo';
import { useCallback } from 'react';
import { useNextPage, type NextPage } from './use-next-page.js';

const PAGE_SIZE = 20;
/** The most that the API gives at once. */
const MAX_PAGE_SIZE = 100;

/** An image that a run could not embed. */
export type ImageFailure = NonNullable<ImageFailuresQuery['embeddingBackfill']>['failures']['edges'][number]['node'];

export interface Failures {
  /** Null while nothing has come. */
  list: readonly ImageFailure[] | null;
  error: LookalikeError | null;
  nextPage: NextPage;
  /** Asks again for as many as there are. */
  refresh: () => void;
}

/**
 * What a run could not embed.
 *
 * @param reason - null for all reasons.
 */
export function useFailures(backfillId: string, reason: ImageFailureReason | null): Failures {
  const client = useApolloClient();
  const query = useQuery(ImageFailuresDocument, {
    variables: { backfillId, reason, first: PAGE_SIZE },
    fetchPolicy: 'cache-and-network',
  });
  const page = query.data?.embeddingBackfill?.failures;
  const count = page?.edges.length ?? 0;
  const refresh = useCallback(() => {
    const first = Math.min(MAX_PAGE_SIZE, Math.max(PAGE_SIZE, count));
    const variables = { backfillId, reason, first };
    // It is shown through the cache; whether the server answers is shown by what is live.
    client.query({ query: ImageFailuresDocument, variables, fetchPolicy: 'network-only' }).catch(() => undefined);
  }, [client, backfillId, reason, count]);
  const after = page?.pageInfo.hasNextPage === true ? page.pageInfo.endCursor : null;
  const nextPage = useNextPage(after, (cursor) => query.fetchMore({ variables: { first: PAGE_SIZE, after: cursor } }));
  return {
    list: page?.edges.map(({ node }) => node) ?? null,
    error: query.error === undefined ? null : toLookalikeError(query.error),
    nextPage,
    refresh,
  };
}
