import { toLookalikeError } from '@lookalike/apollo';
import { AdminError } from './admin-error.js';
import { adminSentence } from './admin-sentence.js';
import styles from './admin.module.css';

/** In the place of what has not come yet, or will not. `error` is what a query has; null and undefined are none. */
export function Waiting({ error }: { error: unknown }) {
  if (error == null) return <p className={styles.soft}>Loading…</p>;
  return <AdminError sentence={adminSentence(toLookalikeError(error))} />;
}
