import { useCallback, useEffect, useRef, useState } from 'react';
import type { SimilarProductPageFragment } from './generated/operations.js';
import { toLookalikeError, type LookalikeError } from './lookalike-error.js';

/** A product that looks alike, with what belongs to the match. */
export type SimilarProduct = SimilarProductPageFragment['edges'][number];

/** A list of products that look alike, most alike first, as far as it was asked for. */
export interface ProductPages {
  /** Of all pages so far; empty while the first one is on its way. */
  edges: readonly SimilarProduct[];
  /** `NOT_EMBEDDED` where the product asked about has no embedding yet; null while there is no answer, or no such product. */
  status: SimilarProductPageFragment['status'] | null;
  /** Whether the first page is on its way. */
  isLoading: boolean;
  isLoadingMore: boolean;
  hasNextPage: boolean;
  error: LookalikeError | null;
  /** Asks for the next page; does nothing while one is on its way, or where there is none. */
  loadMore: () => void;
  /** Asks again: for the page that failed, else for the list from its beginning. */
  retry: () => void;
}

/** What {@link useProductPages} pages through: what `useQuery` returns for one of the searches. */
export interface ProductQuery {
  error?: unknown;
  loading: boolean;
  fetchMore: (options: { variables: { after: string } }) => Promise<unknown>;
  refetch: () => Promise<unknown>;
}

/**
 * Makes pages of a query.
 *
 * @param page - what the query has brought so far; null where there is nothing yet.
 * @param question - its variables: another question is another list.
 */
export function useProductPages(
  query: ProductQuery,
  page: SimilarProductPageFragment | null | undefined,
  question: unknown,
): ProductPages {
  const { error, loading, fetchMore, refetch } = query;
  const after = page?.pageInfo.hasNextPage === true ? page.pageInfo.endCursor : null;
  const more = useNextPage(JSON.stringify(question), after, {
    fetchNext: (cursor) => fetchMore({ variables: { after: cursor } }),
    startOver: () => refetch(),
  });
  const reload = (): void => {
    // What goes wrong is in the next `error`.
    refetch().catch(() => undefined);
  };
  return {
    edges: page?.edges ?? [],
    status: page?.status ?? null,
    isLoading: loading && page == null,
    isLoadingMore: more.isLoading,
    hasNextPage: after !== null,
    error: more.error ?? (error === undefined ? null : toLookalikeError(error)),
    loadMore: more.load,
    retry: more.error === null ? reload : more.load,
  };
}

interface PageRequests {
  fetchNext: (cursor: string) => Promise<unknown>;
  startOver: () => Promise<unknown>;
}

interface NextPage {
  load: () => void;
  isLoading: boolean;
  error: LookalikeError | null;
}

/** One next page at a time. What belongs to another question than the current one is of no account. */
function useNextPage(question: string, cursor: string | null, requests: PageRequests): NextPage {
  const [state, setState] = useState<{ question: string; isLoading: boolean; error: LookalikeError | null }>(
    idle(question),
  );
  const latest = useRef({ question, cursor, requests });
  useEffect(() => {
    latest.current = { question, cursor, requests };
  });
  const busy = useRef<string | null>(null);
  const load = useCallback(() => {
    const { question: asked, cursor: from, requests: ask } = latest.current;
    if (from === null || busy.current === asked) return;
    busy.current = asked;
    setState({ question: asked, isLoading: true, error: null });
    fetchPage(from, ask).then(
      () => {
        if (busy.current === asked) busy.current = null;
        setState((now) => (now.question === asked ? idle(asked) : now));
      },
      (error: unknown) => {
        if (busy.current === asked) busy.current = null;
        setState((now) => (now.question === asked ? { ...idle(asked), error: toLookalikeError(error) } : now));
      },
    );
  }, []);
  const isCurrent = state.question === question;
  return { load, isLoading: isCurrent && state.isLoading, error: isCurrent ? state.error : null };
}

function idle(question: string): { question: string; isLoading: boolean; error: null } {
  return { question, isLoading: false, error: null };
}

/** A cursor is of one model; when another one has become active, the list begins anew. */
async function fetchPage(cursor: string, { fetchNext, startOver }: PageRequests): Promise<void> {
  try {
    await fetchNext(cursor);
  } catch (error) {
    if (toLookalikeError(error).code !== 'INVALID_CURSOR') throw error;
    await startOver();
  }
}
