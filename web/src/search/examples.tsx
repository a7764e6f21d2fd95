import { Link } from 'react-router';
import { Picture } from '../ui/picture.js';
import { exampleWords } from './example-words.js';
import styles from './examples.module.css';
import { NO_QUESTION, printQuestion, type SearchFilters } from './search-params.js';
import type { FacetState } from './use-facets.js';
import type { LookedAt } from './use-looked-at.js';
import { useSearch } from './use-search.js';

export interface ExamplesProps extends FacetState {
  /** They may have been set before anything was asked, and stay. */
  filters: SearchFilters;
  lookedAt: LookedAt | null;
}

const COUNT = 4;

/** Words to try, of what the shop has, with what they find. */
export function Examples({ facets, isLoading, filters, lookedAt }: ExamplesProps) {
  const words = isLoading ? [] : exampleWords(facets?.categories ?? [], COUNT);
  const first = useSearch({ ...NO_QUESTION, words: words[0] ?? '', filters });
  // The shop's model knows pictures only.
  if (first.error?.code === 'MODEL_UNAVAILABLE') return null;
  return (
    <section className={styles.examples} aria-labelledby="examples">
      <h2 id="examples">Try</h2>
      <ul>
        {Array.from({ length: isLoading ? COUNT : words.length }, (_, index) => (
          <li key={index}>
            <Example words={words[index] ?? null} filters={filters} lookedAt={lookedAt} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ExampleProps {
  /** Null while they are not known: their room is kept for them. */
  words: string | null;
  filters: SearchFilters;
  lookedAt: LookedAt | null;
}

/** The answer is there before it is asked for. */
function Example({ words, filters, lookedAt }: ExampleProps) {
  const question = { ...NO_QUESTION, words: words ?? '', filters };
  const hasPictures = lookedAt === null || lookedAt.isComplete;
  if (words === null) {
    return (
      <div className={styles.example} aria-hidden="true">
        {hasPictures && <span className={styles.pictures} />}
        <span>&nbsp;</span>
      </div>
    );
  }
  return (
    <Link className={styles.example} to={{ pathname: '/', search: printQuestion(question) }}>
      {hasPictures && <ExamplePictures words={words} filters={filters} />}
      <span>{words}</span>
    </Link>
  );
}

function ExamplePictures({ words, filters }: { words: string; filters: SearchFilters }) {
  const { edges } = useSearch({ ...NO_QUESTION, words, filters });
  return (
    <span className={styles.pictures}>
      {edges.slice(0, 4).map(({ node, image }) => (
        <Picture key={node.id} src={image.url} alt="" />
      ))}
    </span>
  );
}
