import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Icon, type IconName } from '../ui/icon.js';
import { Picture } from '../ui/picture.js';
import { exampleWords } from './example-words.js';
import { NO_QUESTION, printQuestion, type SearchFilters } from './search-params.js';
import styles from './start-view.module.css';
import type { Facets } from './use-facets.js';
import { useSearch } from './use-search.js';

export interface StartViewProps {
  facets: Facets | null;
  /** They may have been set before anything was asked, and stay. */
  filters: SearchFilters;
  /** Whether examples can be shown with their pictures. */
  hasPictures: boolean;
}

const EXAMPLES = 4;

/** What can be done here, while nothing is asked. */
export function StartView({ facets, filters, hasPictures }: StartViewProps) {
  return (
    <>
      <section className={styles.examples} aria-labelledby="examples">
        <h2 id="examples">Try</h2>
        <ul>
          {exampleWords(facets, EXAMPLES).map((words) => (
            <li key={words}>
              <Example words={words} filters={filters} hasPictures={hasPictures} />
            </li>
          ))}
        </ul>
      </section>
      <section className={styles.ways} aria-label="What you can do here">
        <Way icon="photo" title="Show a photo">
          Of a thing you have seen, or one you own. Products that look like it come first.
        </Way>
        <Way icon="words" title="Say it in words">
          Colour, shape, material, pattern: “blue striped dress”.
        </Way>
        <Way icon="alike" title="Do both">
          A photo and words together: “this, but in red”. Any product leads on to more like it.
        </Way>
      </section>
    </>
  );
}

/** Words with what they find: the answer is there before it is asked for. */
function Example({ words, filters, hasPictures }: { words: string; filters: SearchFilters; hasPictures: boolean }) {
  const question = { ...NO_QUESTION, words, filters };
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
    <span className={styles.pictures} aria-hidden="true">
      {[0, 1, 2, 3].map((index) => (
        <Picture key={index} src={edges[index]?.image.url ?? null} alt="" />
      ))}
    </span>
  );
}

function Way({ icon, title, children }: { icon: IconName; title: string; children: ReactNode }) {
  return (
    <div className={styles.way}>
      <span className={styles.sign}>
        <Icon name={icon} size={22} />
      </span>
      <div>
        <h2>{title}</h2>
        <p>{children}</p>
      </div>
    </div>
  );
}
