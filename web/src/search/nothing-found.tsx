import { Link } from 'react-router';
import { formatCount } from '../ui/format-price.js';
import { Notice } from '../ui/notice.js';
import { filterKindsOf } from './filters/filter-words.js';
import styles from './nothing-found.module.css';
import { countFilters, NO_FILTERS, printQuestion, type SearchQuestion } from './search-params.js';
import { useSearch } from './use-search.js';

/** In the place of results, where there are none. */
export function NothingFound({ question, currency }: { question: SearchQuestion; currency: string | null }) {
  if (countFilters(question.filters) === 0) {
    return (
      <Notice title="Nothing found">
        <p>The shop has no product that could be shown here.</p>
      </Notice>
    );
  }
  const kinds = filterKindsOf(question.filters, currency);
  return (
    <Notice title="Nothing fits all of these filters">
      <p>There is something with fewer of them:</p>
      <ul className={styles.ways}>
        {kinds.length > 1 &&
          kinds.map(({ label, without }) => (
            <WayOut key={label} label={`Without “${label}”`} question={{ ...question, filters: without }} />
          ))}
        <WayOut label="Without filters" question={{ ...question, filters: NO_FILTERS }} />
      </ul>
    </Notice>
  );
}

/** A question with fewer filters, where it has an answer. That it has been asked makes the way there short. */
function WayOut({ label, question }: { label: string; question: SearchQuestion }) {
  const { edges, hasNextPage } = useSearch(question);
  if (edges.length === 0) return null;
  return (
    <li>
      <Link className="button" to={{ pathname: '/', search: printQuestion(question) }}>
        {label}
        <span className={styles.count}>
          {formatCount(edges.length)}
          {hasNextPage && ' and more'}
        </span>
      </Link>
    </li>
  );
}
