import { useState, type SubmitEvent } from 'react';
import { Icon } from '../ui/icon.js';
import styles from './words-form.module.css';

/** The server takes no more characters. */
export const MOST_CHARACTERS = 500;

/** What stands in the words field: what is asked until somebody types, and again when something else is asked. */
export function useWordsDraft(words: string): [string, (draft: string) => void] {
  const [state, setState] = useState({ words, draft: words });
  // A photo takes along what is typed, and may come between two words: the blank after the first one stays.
  if (state.words !== words) setState({ words, draft: state.draft.trim() === words ? state.draft : words });
  return [state.draft, (draft) => setState({ words, draft })];
}

export interface WordsFormProps {
  draft: string;
  onDraft: (draft: string) => void;
  onSubmit: () => void;
  /** Whether the words come on top of a picture. */
  isRefining: boolean;
}

/** The field for words. */
export function WordsForm({ draft, onDraft, onSubmit, isRefining }: WordsFormProps) {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form role="search" aria-label="Products" className={styles.form} onSubmit={submit}>
      <label className="visually-hidden" htmlFor="words">
        What it looks like, in words
      </label>
      <span className={styles.sign}>
        <Icon name="search" />
      </span>
      <input
        id="words"
        className={styles.field}
        type="search"
        enterKeyHint="search"
        autoComplete="off"
        dir="auto"
        maxLength={MOST_CHARACTERS}
        placeholder={isRefining ? 'What should be different? “in red”' : 'Say what it looks like'}
        value={draft}
        onChange={(event) => onDraft(event.target.value)}
      />
      <button type="submit" className="button" data-kind="primary">
        Search
      </button>
    </form>
  );
}
