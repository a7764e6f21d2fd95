import type { LookalikeError } from '@lookalike/apollo';
import { ErrorNotice } from '../ui/error-notice.js';
import { formatCount } from '../ui/format-price.js';
import { Notice } from '../ui/notice.js';
import type { SearchQuestion } from './search-params.js';
import type { Ask } from './use-search-question.js';
import { MOST_CHARACTERS } from './words-form.js';

export interface FirstPageErrorProps {
  question: SearchQuestion;
  error: LookalikeError;
  onRetry: () => void;
  isRetrying: boolean;
  ask: Ask;
}

/** In the place of results, where the question has no answer. */
export function FirstPageError({ question, error, onRetry, isRetrying, ask }: FirstPageErrorProps) {
  const { words, likes } = question;
  if (error.code === 'BAD_USER_INPUT' && words.length > MOST_CHARACTERS) return <TooLong characters={words.length} />;
  const canGoWithout = error.code === 'QUERY_IMAGE_EXPIRED' && (words !== '' || likes.length > 0);
  return (
    <ErrorNotice error={error} onRetry={onRetry} isRetrying={isRetrying}>
      {canGoWithout && (
        <button type="button" className="button" onClick={() => ask({ photo: null })}>
          Search without the photo
        </button>
      )}
    </ErrorNotice>
  );
}

/** The field takes no more characters; a link does. */
function TooLong({ characters }: { characters: number }) {
  return (
    <Notice title="That is too much to look for" tone="error">
      <p>
        Use at most {formatCount(MOST_CHARACTERS)} characters: these are {formatCount(characters)}. A few words say it
        best.
      </p>
    </Notice>
  );
}
