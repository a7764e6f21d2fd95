import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { parseQuestion, printQuestion, type SearchQuestion } from './search-params.js';

/** Changes parts of the question; the others stay. `replace` is for what is no step of its own to go back to. */
export type Ask = (change: Partial<SearchQuestion>, history?: 'push' | 'replace') => void;

/** The question in the address, and how to change it. */
export function useSearchQuestion(): { question: SearchQuestion; ask: Ask } {
  const [params] = useSearchParams();
  const question = useMemo(() => parseQuestion(params), [params]);
  const navigate = useNavigate();
  // A photo arrives long after it was chosen; what has been asked meanwhile stays.
  const latest = useRef(question);
  useEffect(() => {
    latest.current = question;
  });
  const ask = useCallback<Ask>(
    (change, history = 'push') => {
      const search = printQuestion({ ...latest.current, ...change });
      if (search === printQuestion(latest.current)) return;
      // The answer changes under the filters, which stay in view.
      const preventScrollReset = Object.keys(change).every((part) => part === 'filters');
      void navigate({ pathname: '/', search }, { replace: history === 'replace', preventScrollReset });
    },
    [navigate],
  );
  return { question, ask };
}
