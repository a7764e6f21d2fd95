import { Link } from 'react-router';
import { Notice } from '../ui/notice.js';

/** For the id of a product that the shop does not have, or no longer has. */
export function NoSuchProduct() {
  return (
    <Notice title="The shop has no such product" level={1}>
      <p>
        It may be gone, or the link is mistyped. <Link to="/">Look for something like it</Link>.
      </p>
    </Notice>
  );
}
