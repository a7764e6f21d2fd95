import type { ConnectionState } from '@lookalike/apollo';
import { useConnection } from '../connection.js';
import styles from './admin.module.css';

/** Between two runs there is nothing to follow for a second, and nothing is wrong. */
const WORDS: Readonly<Record<ConnectionState, string>> = {
  idle: 'Live',
  connecting: 'Connecting…',
  connected: 'Live',
  lost: 'Reconnecting…',
};

/** Whether what is shown is up to date. */
export function ConnectionMark() {
  const connection = useConnection();
  return (
    <span role="status" className={styles.connection} data-connection={connection}>
      {WORDS[connection]}
    </span>
  );
}
