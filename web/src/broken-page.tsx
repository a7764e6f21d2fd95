import { Link } from 'react-router';
import { Notice } from './ui/notice.js';
import { usePageTitle } from './ui/use-page-title.js';

/** Stands in the place of a view that failed: most likely the page was renewed on the server since it was opened. */
export function BrokenPage() {
  usePageTitle('Something went wrong');
  return (
    <Notice title="This part of the page did not work" tone="error" level={1}>
      <p>It may have been renewed since you opened it. Loading it again helps then.</p>
      <p>
        <button type="button" className="button" data-kind="primary" onClick={() => location.reload()}>
          Load it again
        </button>
      </p>
      <p>
        Or <Link to="/">go to the search</Link>.
      </p>
    </Notice>
  );
}
