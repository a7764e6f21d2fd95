import type { ProductPages } from '@lookalike/apollo';
import { Link } from 'react-router';
import { formatCount } from '../ui/format-price.js';
import { Notice } from '../ui/notice.js';
import { filterKindsOf } from './filters/filter-words.js';
import styles from './nothing-found.module.css';
import { countFilters, NO_FILTERS, printQuestion, type SearchQuestion } from './search-params.js';
import { useSearch } from './use-search.js';

export interface NothingFoundProps {
  question: SearchQuestion;
  currency: string | null;
}

/** In the place of results, where there are none. */
export function NothingFound({ question, currency }: NothingFoundProps) {
  if (countFilters(question.filters) > 0) return <NothingFits question={question} currency={currency} />;
  return (
    <Notice title="Nothing found">
      <p>The shop has no product that could be shown here.</p>
    </Notice>
  );
}

function NothingFits({ question, currency }: NothingFoundProps) {
  const unfiltered = { ...question, filters: NO_FILTERS };
  const all = useSearch(unfiltered);
  const kinds = filterKindsOf(question.filters, currency);
  return (
    <Notice title="Nothing fits all of these filters">
      {/* What there is with fewer of them is there with none. */}
      {all.edges.length > 0 && <p>There is something with fewer of them:</p>}
      <ul className={styles.ways}>
        {kinds.length > 1 &&
          kinds.map(({ kind, label, off }) => (
            <WayOut
              key={kind}
              label={`Without “${label}”`}
              question={{ ...question, filters: off(question.filters) }}
            />
          ))}
        <li>
          <Way label="Clear filters" question={unfiltered} pages={all} />
        </li>
      </ul>
    </Notice>
  );
}

/** A question with fewer filters, where it has an answer. That it has been asked makes the way there short. */
function WayOut({ label, question }: { label: string; question: SearchQuestion }) {
  const pages = useSearch(question);
  if (pages.edges.length === 0) return null;
  return (
    <li>
      <Way label={label} question={question} pages={pages} />
    </li>
  );
}

function Way({ label, question, pages }: { label: string; question: SearchQuestion; pages: ProductPages }) {
  const { edges, hasNextPage } = pages;
  return (
    <Link className="button" to={{ pathname: '/', search: printQuestion(question) }}>
      {label}
      {edges.length > 0 && (
        <span className={styles.count}>
          {formatCount(edges.length)}
          {hasNextPage && ' and more'}
        </span>
      )}
    </Link>
  );
}
