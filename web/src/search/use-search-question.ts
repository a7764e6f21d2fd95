import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { GOING_ON } from './photo/use-place.js';
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
      const options = { replace: history === 'replace', preventScrollReset, state: GOING_ON };
      void navigate({ pathname: '/', search }, options);
    },
    [navigate],
  );
  return { question, ask };
}
