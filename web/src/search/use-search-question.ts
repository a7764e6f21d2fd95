import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { GOING_ON } from './photo/use-place.js';
import { parseQuestion, printQuestion, type SearchQuestion } from './search-params.js';

/**
 * Changes parts of the question; the others stay. A part that follows from what was asked is a function of that: what
 * is shown may be older. `replace` is for what is no step of its own to go back to.
 */
export type Ask = (
  change: Partial<SearchQuestion> | ((asked: SearchQuestion) => Partial<SearchQuestion>),
  history?: 'push' | 'replace',
) => void;

/** The question in the address, and how to change it. */
export function useSearchQuestion(): { question: SearchQuestion; ask: Ask } {
  const [params] = useSearchParams();
  const question = useMemo(() => parseQuestion(params), [params]);
  const navigate = useNavigate();
  // A photo arrives long after it was chosen, and a busy browser shows a question some time after it was asked: each
  // change is one of what was asked last.
  const latest = useRef(question);
  useEffect(() => {
    latest.current = question;
  }, [question]);
  const ask = useCallback<Ask>(
    (change, history = 'push') => {
      const part = typeof change === 'function' ? change(latest.current) : change;
      const next = { ...latest.current, ...part };
      const search = printQuestion(next);
      if (search === printQuestion(latest.current)) return;
      latest.current = next;
      // The answer changes under the filters, which stay in view.
      const preventScrollReset = Object.keys(part).every((name) => name === 'filters');
      const options = { replace: history === 'replace', preventScrollReset, state: GOING_ON };
      void navigate({ pathname: '/', search }, options);
    },
    [navigate],
  );
  return { question, ask };
}
