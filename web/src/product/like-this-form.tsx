import { useState, type SubmitEvent } from 'react';
import { useNavigate } from 'react-router';
import { NO_QUESTION, printQuestion } from '../search/search-params.js';
import { MOST_CHARACTERS } from '../search/words-form.js';
import { Icon } from '../ui/icon.js';
import styles from './like-this-form.module.css';

/** "Like this, but in red": leads to the search with this product, and words on top where there are any. */
export function LikeThisForm({ productId }: { productId: string }) {
  const navigate = useNavigate();
  const [words, setWords] = useState('');
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void navigate(`/${printQuestion({ ...NO_QUESTION, words: words.trim(), likes: [productId] })}`);
  };
  return (
    <form role="search" aria-label="Like this" className={styles.form} onSubmit={submit}>
      <label htmlFor="like-this">Like this, but…</label>
      <div className={styles.line}>
        <input
          id="like-this"
          className="field"
          enterKeyHint="search"
          autoComplete="off"
          maxLength={MOST_CHARACTERS}
          placeholder="in red"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <button type="submit" className="button">
          <Icon name="alike" size={18} />
          Search
        </button>
      </div>
    </form>
  );
}
