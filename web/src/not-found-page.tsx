import { Link } from 'react-router';
import { Notice } from './ui/notice.js';
import { usePageTitle } from './ui/use-page-title.js';

/** For an address that leads nowhere. */
export function NotFoundPage() {
  usePageTitle('Not found');
  return (
    <Notice title="There is nothing at this address" level={1}>
      <p>
        The link may be old, or mistyped. <Link to="/">Go to the search</Link>.
      </p>
    </Notice>
  );
}
