import { toLookalikeError } from '@lookalike/apollo';
import { useState } from 'react';
import { adminSentence } from './admin-sentence.js';

export interface NextPage {
  hasMore: boolean;
  isLoading: boolean;
  /** Why it did not come; null where that is not so. */
  refusal: string | null;
  load: () => void;
}

/**
 * The page after those that are shown.
 *
 * @param after - null where there is none.
 * @param ask - brings it into Apollo's cache.
 */
export function useNextPage(after: string | null, ask: (after: string) => Promise<unknown>): NextPage {
  const [isLoading, setLoading] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const load = (): void => {
    if (after === null || isLoading) return;
    setLoading(true);
    setRefusal(null);
    ask(after)
      .catch((error: unknown) => setRefusal(adminSentence(toLookalikeError(error))))
      .finally(() => setLoading(false));
  };
  return { hasMore: after !== null, isLoading, refusal, load };
}
